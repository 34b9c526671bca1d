import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterEach(() => api.sql('truncate leads, lead_events cascade'));
afterAll(() => api.close());

const steps = ['health', 'description', 'stranger', 'lead', 'list', 'event', 'report', 'cleanup'];

/** With nothing but its flags, as from anywhere. */
const smoke = (flags: string[], env: Record<string, string> = {}) =>
  runCommand(['smoke', ...flags], { cwd: process.cwd(), env });
const here = (key = api.key) => smoke(['--url', `${api.url}/`, '--key', key]);
const namesIn = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
const summary = async (search = '') =>
  (await api.get(`/v1/reports/executive-summary${search}`)).body.rows[0];

describe('npm run smoke', () => {
  test('walks from a lead to a report, and leaves no person and no count behind', async () => {
    await api.take({ source: 'zillow' });
    const before = await summary();
    const { code, stdout, stderr } = await here();
    expect([code, stderr]).toEqual([0, '']);
    expect(namesIn(stdout)).toEqual(steps);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^[a-z]+ +\d+ ms {2}\S/);
    expect(await summary()).toEqual(before);
    const left = await api.sql(
      `select is_test, first_name, email, current_stage from leads where source <> 'zillow'`,
    );
    const empty = { is_test: true, first_name: null, email: null, current_stage: 'contacted' };
    expect(left).toEqual([empty]);
  });

  test('runs again, by two at once, and takes its key from the environment', async () => {
    await here();
    const flags = ['--url', api.url];
    const both = [smoke(flags, { LEADPULSE_KEY: api.key }), here()];
    for (const { code, stdout } of await Promise.all(both)) {
      expect(code).toBe(0);
      expect(namesIn(stdout)).toEqual(steps);
    }
    const [row] = await api.sql('select count(*), count(erased_at) as erased from leads');
    expect(row).toEqual({ count: '3', erased: '3' });
  });

  test('says what stays where its key may not erase', async () => {
    const key = await api.keyWith(['reports:read', 'leads:write', 'events:write']);
    const { code, stdout } = await here(key);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\ncleanup .* may not erase: [0-9a-f-]{36} with its made-up e-mail stays/,
    );
  });

  test('waits for a database that sleeps', async () => {
    api.machine.dataApi.resume({ milliseconds: 3000 });
    expect(await here()).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('npm run smoke ends at the first step that goes wrong', () => {
  test('a test lead that is counted, and still nobody is left behind', async () => {
    await api.sql(`create function count_tests() returns trigger language plpgsql as
      $$ begin new.is_test := false; return new; end $$`);
    await api.sql(`create trigger count_tests before insert on leads
      for each row execute function count_tests()`);
    const { code, stdout, stderr } = await here();
    await api.sql('drop function count_tests cascade');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^list +\d+ ms {2}FAILED: The list shows a test lead among those that/);
    expect(namesIn(stdout)).toEqual(['health', 'description', 'stranger', 'lead', 'cleanup']);
    expect(await api.sql('select email from leads')).toEqual([{ email: null }]);
  });

  test('a report that counts a test lead', async () => {
    await api.sql(`create function count_contacted() returns trigger language plpgsql as
      $$ begin update leads set is_test = false where id = new.lead_id; return null; end $$`);
    await api.sql(`create trigger count_contacted after insert on lead_events
      for each row when (new.event_type = 'contacted') execute function count_contacted()`);
    const { code, stderr } = await here();
    await api.sql('drop function count_contacted cascade');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^report +\d+ ms {2}FAILED: It counts 1 leads of leadpulse-smoke, /);
  });

  test('an event that may not be recorded', async () => {
    const key = await api.keyWith(['reports:read', 'leads:write']);
    const { code, stderr } = await here(key);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^event +\d+ ms {2}FAILED: The key is refused \(403: /);
  });

  test('a key that is none', async () => {
    const { code, stdout, stderr } = await here('lp_forged');
    expect([code, namesIn(stdout)]).toEqual([1, ['health', 'description', 'stranger']]);
    expect(stderr).toMatch(/^lead +\d+ ms {2}FAILED: The key is refused/);
  });

  test('nothing that answers', async () => {
    expect(await smoke(['--url', 'http://127.0.0.1:1', '--key', 'lp_x'])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^health +\d+ ms {2}FAILED: http:\/\/127\.0\.0\.1:1 cannot be reached \(\w+\)\.\n$/,
      ),
    });
  });

  test.each([[[]], [['--url', 'localhost:4000', '--key', 'lp_x']], [['--url', 'http://x']]])(
    '%j says how it is used',
    async (flags) => {
      expect(await smoke(flags)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^npm run smoke -- --url URL/),
      });
    },
  );
});
