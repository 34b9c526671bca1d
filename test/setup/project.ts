import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What the commands are made of, in a folder of its own: this one may have a machine running. */
export async function copyProject() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'leadpulse-project-')));
  // PostgreSQL does not run as root: where we do, the account it gets has to come in.
  await chmod(folder, 0o755);
  const parts = ['core', 'docs/openapi.json', 'functions', 'local', 'sql', 'transfer'];
  for (const part of [...parts, 'package.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  await mkdir(join(folder, '.leadpulse'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }) };
}
