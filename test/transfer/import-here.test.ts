import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let project: Awaited<ReturnType<typeof copyProject>>;
let cwd: string;
beforeAll(async () => {
  [api, project, cwd] = await Promise.all([
    startTestMachine(),
    copyProject(),
    mkdtemp(join(tmpdir(), 'leadpulse-import-')),
  ]);
  await writeFile(join(cwd, 'few.csv'), 'source,email\nhere,a@b.de\nhere,a@b.com\n');
  const rows = Array.from({ length: 30_000 }, (_, index) => `many,${index},n${index}\n`);
  await writeFile(join(cwd, 'many.csv'), `source,external_id,first_name\n${rows.join('')}`);
});
afterAll(async () => {
  await Promise.all([api.close(), project.remove(), rm(cwd, { recursive: true })]);
});

const run = (file: string, more: string[] = [], watch?: (child: ChildProcess) => void) => {
  const words = ['transfer/import', file, '--as', 'leads', ...more];
  return runCommand(words, { cwd, project: project.folder, ...(watch && { watch }) });
};
const inProject = (path: string) => join(project.folder, '.leadpulse', path);

async function until(met: () => unknown): Promise<void> {
  while (!(await met())) await pause(20);
}

describe('without --url', () => {
  test('a machine is started for the time of the import, and its data stays', async () => {
    const stored = '2 rows read: 2 stored, 0 already there, 0 rejected.\n';
    expect(await run('few.csv')).toEqual({ code: 0, stdout: stored, stderr: '' });
    expect(existsSync(inProject('postgres/PG_VERSION'))).toBe(true);
    expect(existsSync(inProject('postgres/postmaster.pid'))).toBe(false);
    expect((await run('few.csv')).stdout).toMatch(/ 0 stored, 2 already there/);
  });

  test('Ctrl-C stops it with its machine, and the same command goes on', async () => {
    const said = await run('many.csv', [], (child) => {
      until(() => existsSync(inProject('postgres/postmaster.pid'))).then(() =>
        child.kill('SIGINT'),
      );
    });
    expect(said).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/^Stopped\./),
    });
    expect(existsSync(inProject('postgres/postmaster.pid'))).toBe(false);
    expect((await run('many.csv')).stdout).toMatch(/^30,000 rows read: .* 0 rejected/);
  }, 90_000);

  test('rows go to the machine that runs here', async () => {
    await copyFile(api.keySecretFile, inProject('key-secret.json'));
    const { environment, url } = api.machine;
    await writeFile(inProject('machine.json'), JSON.stringify({ pid: 1, url, environment }));
    expect((await run('few.csv')).stdout).toMatch(/ 2 stored/);
    expect(await api.sql("select 1 from leads where source = 'here'")).toHaveLength(2);
  });
});

test('an import that is killed and run again makes no second of anything', async () => {
  const into = ['--url', api.url, '--key', api.key];
  const count = async () => {
    const [row] = await api.sql("select count(*)::int from leads where source = 'many'");
    return row?.count as number;
  };
  for (const least of [1, 5000]) {
    const said = await run('many.csv', into, (child) => {
      until(async () => (await count()) >= least).then(() => child.kill('SIGKILL'));
    });
    expect(said.code).toBe('SIGKILL');
  }
  const before = await count();
  expect(before).toBeLessThan(30_000);
  const { stdout } = await run('many.csv', into);
  expect(stdout).toMatch(/^30,000 rows read: .* stored, .* already there, 0 rejected\.\n$/);
  expect(await count()).toBe(30_000);
}, 90_000);
