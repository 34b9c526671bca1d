import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommand, type Said } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let folder: string;
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: 'America/Sao_Paulo' });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-import-'));
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(() => api.close());

const write = (name: string, text: string) => writeFile(join(folder, name), text);

/** `npm run import -- …` into the test's machine. */
function run(...words: string[]): Promise<Said> {
  const env = { LEADPULSE_KEY: api.key };
  return runCommand(['transfer/import', ...words, '--url', api.url], { cwd: folder, env });
}

const leadsOf = (source: string) =>
  api.sql('select * from leads where source = $1 order by external_id', [source]);

describe('a dry run', () => {
  test('says what would happen, shows the first row, and stores nothing', async () => {
    await write('leads.csv', 'source,email\ndry,a@b.de\ndry,\ndry,"x\n"\n');
    const { code, stdout } = await run('leads.csv', '--as', 'leads', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^A dry run, nothing was stored\. 3 rows read: 3 would be stored, 0 are there already/,
    );
    expect(JSON.parse(stdout.split('\n')[2] ?? '')).toEqual({
      email: 'a@b.de',
      source: 'dry',
      external_id: expect.stringMatching(/^row:/),
    });
    expect(await leadsOf('dry')).toEqual([]);
  });
});

describe('what cannot be imported is told in one sentence, and nothing is sent', () => {
  test.each<[string, string[], RegExp]>([
    ['a,b\n1,2\n', ['--as', 'deals'], /^There is no kind "deals": --as leads \| events \| .*\.\n$/],
    ['a,b\n1,2\n', [], /^Say what the rows are: --as leads \| .*\.\n$/],
    ['source\n', ['--as', 'leads'], /^leads\.csv has a header and no rows\.\n$/],
    ['a;b\n1;2\n', ['--as', 'leads'], /^leads\.csv has one column, "a;b": say --delim.*\.\n$/],
    ['a;b,c;d\n1;2,3;4\n', ['--as', 'leads', '--set', 'source=x'], /^No column of .* "[;]"\.\n$/],
    ['source,a\nx,"\n', ['--as', 'leads'], /^leads\.csv, line 2: a quote that opens .*\.\n$/],
    ['a\n1\n', ['--as', 'leads', '--map', 'b=source'], /^There is no column "b"\. .*\n$/],
    ['a\n1\n', ['--as', 'leads', '--delimiter', 'ab'], /^--delimiter is one character.*\.\n$/],
    ['a\n1\n', ['--as', 'leads', '--dates', 'ymd'], /^--dates is mdy or dmy, not "ymd"\.\n$/],
    ['a\n1\n', ['--as', 'leads', '--no'], /^Unknown option '--no'/],
    ['a\n1\n', ['--as', 'leads', 'more.csv'], /^One file at a time: leads\.csv, more\.csv\.\n$/],
  ])('%j with %j', async (content, words, sentence) => {
    await write('leads.csv', content);
    const before = await api.sql('select count(*) from leads');
    expect(await run('leads.csv', ...words)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    });
    expect(await api.sql('select count(*) from leads')).toEqual(before);
  });

  test('a key that may not, an address where nobody is, a folder that is closed', async () => {
    await write('leads.csv', 'source,created_at\nx,2018-02-26T10:00:00Z\nx,2018-02-26\n');
    const words = ['transfer/import', 'leads.csv', '--as', 'leads', '--url'];
    const into = (url: string, key: string) =>
      runCommand([...words, url, '--key', key], { cwd: folder });
    const reader = await api.keyWith(['reports:read']);
    expect((await into(api.url, reader)).stderr).toBe(
      `${api.url} refuses this key: it is not one of its own, or lacks "leads:write".\n`,
    );
    expect((await into('http://127.0.0.1:9', 'lp_x')).stderr).toMatch(/cannot be reached/);
    expect((await into('leadpulse', 'lp_x')).stderr).toMatch(/^"leadpulse" is not an address/);
    // It may read nothing either, and no row is to blame.
    for (const none of ['lp_x', await api.keyWith(['events:write'])]) {
      expect(await into(api.url, none)).toEqual({
        code: 1,
        stdout: '',
        stderr: `${api.url} refuses this key: it is not one of its own, or lacks "leads:write".\n`,
      });
    }
  });

  test('a time without an offset, under a key that may not read the zone', async () => {
    await write('leads.csv', 'source,created_at\nx,2018-02-26T10:00:00Z\nx,2018-02-26\n');
    const writer = await api.keyWith(['leads:write'], 'x');
    const into = () =>
      runCommand(
        ['transfer/import', 'leads.csv', '--as', 'leads', '--url', api.url, '--key', writer],
        { cwd: folder },
      );
    expect(await into()).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The time "2018-02-26" has no offset, and this key may not read the zone of the ' +
        'workspace: it lacks "reports:read".\n',
    });
    // What has its offset can be read all the same.
    await write('leads.csv', 'source,created_at\nx,2018-02-26T10:00:00Z\n');
    expect((await into()).stdout).toMatch(/ 1 stored, .* 0 rejected/);
  });
});
