import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, shows, stepsOf } from './setup/console.ts';
import { startTestMachine } from './setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let shell: ReturnType<typeof openShell>;

beforeAll(async () => {
  api = await startTestMachine();
  shell = openShell({ env: { LEADPULSE_KEY: api.key } });
});
afterAll(async () => {
  shell.close();
  await api.close();
});

test('docs/correcting.md says what each correction answers', async () => {
  const page = readFileSync('docs/correcting.md', 'utf8');
  const steps = stepsOf(page.replaceAll('localhost:4000', new URL(api.url).host));
  expect(steps.length).toBeGreaterThan(20);
  for (const { command, shown } of steps) {
    const output = await shell.run(command);
    expect(shows(output, shown), `${command} shows\n${output}\ninstead of\n${shown}`).toBe(true);
  }
});
