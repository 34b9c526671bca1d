import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
// Each begins on a machine that was just started.
beforeEach(() =>
  api.sql(
    `truncate leads, lead_events, agent_profiles, corrections, source_spend, lead_skills,
       lead_experiments cascade`,
  ),
);

test.each([
  ['docs/correcting.md', 20],
  ['docs/experiments.md', 10],
  ['docs/hooks.md', 20],
  ['docs/ingest.md', 3],
  ['docs/money.md', 6],
  ['docs/privacy.md', 9],
  ['docs/smoke.md', 0],
  ['docs/sla.md', 8],
])('%s says what its commands answer', async (file, atLeast) => {
  const page = readFileSync(file, 'utf8');
  const steps = stepsOf(page.replaceAll('localhost:4000', new URL(api.url).host));
  expect(steps.length).toBeGreaterThan(atLeast);
  for (const { command, shown } of steps) {
    const output = await shell.run(command);
    expect(shows(output, shown), `${command} shows\n${output}\ninstead of\n${shown}`).toBe(true);
  }
});
