import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { momentOf } from '../../local/times.ts';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let project: Awaited<ReturnType<typeof copyProject>>;

beforeAll(async () => {
  [api, project] = await Promise.all([startTestMachine(), copyProject()]);
});
afterAll(async () => {
  await Promise.all([api.close(), project.remove()]);
});

// None of this process's settings: what the handler needs comes from the machine's file.
const job = (...words: string[]) =>
  runCommand(['job', ...words], { cwd: project.folder, project: project.folder });

const announce = (url: string) => {
  const { environment } = api.machine;
  const file = join(project.folder, '.leadpulse/machine.json');
  return writeFile(file, JSON.stringify({ pid: 1, url, environment }));
};

describe('npm run job', () => {
  test('says that nothing runs: without a file, and with that of a killed machine', async () => {
    const answer = {
      code: 1,
      stdout: '',
      stderr: 'leadpulse does not run here. Start it in another terminal: npm start\n',
    };
    expect(await job('check-sla')).toEqual(answer);
    await announce('http://127.0.0.1:1');
    expect(await job('check-sla')).toEqual(answer);
  });

  test.each([
    [['nonsense'], /^There is no job "nonsense". The jobs: check-sla, .*, send-digest\.\n$/],
    [['check-sla', '--at', 'tomorrow'], /^"tomorrow" is not a time\. Give .*\n$/],
    [['refresh-metrics', '--at', '+1h'], /^refresh-metrics cannot run for a time .*\n$/],
    [['apply-retention', '--at', '+800d'], /^apply-retention cannot run for a time .*\n$/],
    [[], /^npm run job -- NAME \[--at TIME\]\n/],
    [['check-sla', 'refresh-metrics'], /^npm run job -- NAME/],
    [['check-sla', '--on', 'x'], /^Unknown option '--on'/],
  ])('%j is answered with a sentence', async (words, sentence) => {
    expect(await job(...words)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    });
  });

  test('runs a job of the running machine for a time, and its alert arrives', async () => {
    await announce(api.url);
    expect((await api.post('/v1/leads', { source: 'zillow' })).status).toBe(201);
    const at = new Date(Date.now() + 25 * 3_600_000).toISOString().slice(0, 19);
    expect(await job('check-sla', '--at', `${at}Z`)).toEqual({
      code: 0,
      stdout: `check-sla for ${at}Z: 2 rules, 1 broken, 1 published\n`,
      stderr: '',
    });
    expect(await api.machine.messages.receive()).toMatchObject([
      { message: { rule: 'oldest-waiting', scheduled_at: `${at}.000000Z` } },
    ]);
    expect(await job('refresh-metrics', '--at', '2026-03-10T04:15:00Z')).toEqual({
      code: 0,
      stdout: 'refresh-metrics for 2026-03-10T04:15:00Z: 1 refreshed\n',
      stderr: '',
    });
  });
});

test.each([
  ['2026-03-10T12:00:00Z', '2026-03-10T12:00:00.000Z'],
  ['2026-03-10T12:00:00-05:00', '2026-03-10T17:00:00.000Z'],
  ['+25h', '2026-03-11T13:00:00.000Z'],
  ['-90m', '2026-03-10T10:30:00.000Z'],
  ['+2d', '2026-03-12T12:00:00.000Z'],
])('a time may be given as %s', (text, moment) => {
  expect(momentOf(text, new Date('2026-03-10T12:00:00Z')).toISOString()).toBe(moment);
});

test.each(['', 'now', '25h', '2026-03-10', '2026-03-10T12:00:00', '2026-02-30T12:00:00Z', '+1w'])(
  'but not as "%s"',
  (text) => {
    expect(() => momentOf(text, new Date())).toThrow(/is not a time/);
  },
);
