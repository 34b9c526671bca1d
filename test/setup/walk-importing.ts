import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openShell, shows, stepsOf } from './console.ts';
import { startTestMachine } from './machine.ts';
import { copyProject } from './project.ts';

/**
 * Runs the commands of a part of docs/importing.md, against a machine of their own, and then looks
 * at what is there.
 */
export async function walkImporting(
  part: (page: string) => string | undefined,
  options: {
    timezone: string;
    look?: (api: Awaited<ReturnType<typeof startTestMachine>>) => Promise<void>;
  },
): Promise<void> {
  const api = await startTestMachine({ WORKSPACE_TIMEZONE: options.timezone });
  const project = await copyProject();
  const shell = openShell({ cwd: project.folder, env: { LEADPULSE_KEY: api.key } });
  try {
    const state = join(project.folder, '.leadpulse');
    await copyFile(api.keySecretFile, join(state, 'key-secret.json'));
    const { environment, url } = api.machine;
    await writeFile(join(state, 'machine.json'), JSON.stringify({ pid: 1, url, environment }));
    await cp('docs/example', join(project.folder, 'docs/example'), { recursive: true });
    const page = await readFile('docs/importing.md', 'utf8');
    const steps = stepsOf(part(page)?.replaceAll('localhost:4000', new URL(url).host) ?? '');
    expect(steps.length).toBeGreaterThan(5);
    for (const { command, shown } of steps) {
      const output = await shell.run(command);
      expect(shows(output, shown), `${command} shows\n${output}\ninstead of\n${shown}`).toBe(true);
    }
    await options.look?.(api);
  } finally {
    shell.close();
    await project.remove();
    await api.close();
  }
}
