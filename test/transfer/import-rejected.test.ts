import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
const read = (name: string) => readFile(join(folder, name), 'utf8');

/** `npm run import -- …` into the test's machine. */
function run(...words: string[]): Promise<Said> {
  const env = { LEADPULSE_KEY: api.key };
  return runCommand(['transfer/import', ...words, '--url', api.url], { cwd: folder, env });
}

const leadsOf = (source: string) =>
  api.sql('select * from leads where source = $1 order by external_id', [source]);

describe('rows that are refused', () => {
  test('go to a file with their reasons, which can be put right and imported', async () => {
    await write(
      'leads.csv',
      'source,email,created_at,is_test\n' +
        'bad,"a,b",2018-02-26,no\n' +
        'bad,c,02/26/2018,no\n' +
        'bad,"d\ne",2018-02-26,perhaps\n' +
        'bad,f,2018-02-26\n' +
        'bad,g,2018-02-26,no,h\n' +
        'bad,i,2199-01-01,no\n',
    );
    expect(await run('leads.csv', '--as', 'leads')).toEqual({
      code: 2,
      stdout: '6 rows read: 1 stored, 0 already there, 5 rejected (see leads.rejected.csv).\n',
      stderr: '',
    });
    const rejected = await read('leads.rejected.csv');
    expect(rejected.split('\r\n')).toEqual([
      'line,reason,source,email,created_at,is_test',
      '3,"""created_at"" does not say which number is the day: import with --dates mdy or ' +
        '--dates dmy to read such dates.",bad,c,02/26/2018,no',
      '4,"""is_test"" must be true or false.",bad,"d\ne",2018-02-26,perhaps',
      '6,"The row has 3 cells, and the header 4.",bad,f,2018-02-26',
      '7,"The row has 5 cells, and the header 4.",bad,g,2018-02-26,no,h',
      '8,A lead cannot be more than 5 minutes in the future.,bad,i,2199-01-01,no',
      '',
    ]);
    const right = rejected
      .replace('perhaps', 'yes')
      .replace('bad,f,2018-02-26', 'bad,f,2018-02-26,no')
      .replace('no,h', 'no')
      .replace('2199', '2019');
    await write('right.csv', right);
    expect(await run('right.csv', '--as', 'leads', '--dates', 'mdy')).toEqual({
      code: 0,
      stdout: '5 rows read: 5 stored, 0 already there, 0 rejected.\n',
      stderr: '',
    });
    expect(await leadsOf('bad')).toHaveLength(6);
  });

  test('the file of an earlier run is gone, and one made of it names its lines', async () => {
    await write('leads.csv', 'source,quality_score\nlater,E\n');
    expect((await run('leads.csv', '--as', 'leads')).code).toBe(2);
    await run('leads.rejected.csv', '--as', 'leads');
    expect(await read('leads.rejected.rejected.csv')).toBe(
      'line,reason,source,quality_score\r\n' +
        '2,"""quality_score"" must be one of ""A"", ""B"", ""C"", ""D"".",later,E\r\n',
    );
    await write('leads.csv', 'source,quality_score\nlater,A\n');
    expect((await run('leads.csv', '--as', 'leads')).code).toBe(0);
    await expect(read('leads.rejected.csv')).rejects.toThrow(/ENOENT/);
  });

  test('stay as a person left them where an import cannot run, and in a dry run', async () => {
    const edited = 'line,reason,source\r\n2,,edited\r\n';
    await write('leads.rejected.csv', edited);
    const words = ['transfer/import', 'leads.csv', '--as', 'leads', '--url'];
    const into = (...to: string[]) => runCommand([...words, ...to], { cwd: folder });
    await write('leads.csv', 'source,is_test\nkept,perhaps\n');
    expect((await into('http://127.0.0.1:9', '--key', 'lp_x')).code).toBe(1);
    expect((await into(api.url, '--key', 'lp_x')).code).toBe(1);
    expect((await into(api.url, '--key', await api.keyWith(['reports:read']))).code).toBe(1);
    expect(await run('leads.csv', '--as', 'leads', '--dry-run')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('1 would be rejected (see leads.dry-run.rejected.csv).'),
    });
    expect(await read('leads.dry-run.rejected.csv')).toMatch(/must be true or false.",kept,perh/);
    await write('leads.csv', 'source,is_test\nkept,"no\n');
    expect((await run('leads.csv', '--as', 'leads')).code).toBe(1);
    expect(await read('leads.rejected.csv')).toBe(edited);
    await write('leads.csv', 'source,is_test\nkept,no\n');
    expect((await run('leads.csv', '--as', 'leads')).code).toBe(0);
    await expect(read('leads.rejected.csv')).rejects.toThrow(/ENOENT/);
  });
});

describe('deals of which some are not won yet', () => {
  const won = (...more: string[]) =>
    run(
      ...[
        'open.csv',
        '--as',
        'events',
        '--map',
        'lead=lead_external_id',
        '--map',
        'won=created_at',
      ],
      ...['--set', 'event_type=closed', '--set', 'event_source=import', ...more],
    );
  const sales = () =>
    api.sql(
      `select l.external_id from lead_events e join leads l on l.id = e.lead_id
       where l.source = 'open' and e.event_type = 'closed'`,
    );

  test('make no sales of today: they are rejected, or passed over where asked', async () => {
    await write('leads.csv', 'external_id\no1\no2\no3\n');
    await run('leads.csv', '--as', 'leads', '--set', 'source=open');
    await write('open.csv', 'lead,won\no1,\no2,2018-02-26\no3, \n');
    expect(await won()).toEqual({
      code: 2,
      stdout: '3 rows read: 1 stored, 0 already there, 2 rejected (see open.rejected.csv).\n',
      stderr: '',
    });
    expect(await read('open.rejected.csv')).toMatch(/^2,"{3}created_at"{2} is empty: pass such/m);
    expect(await won('--skip-empty', 'won')).toEqual({
      code: 0,
      stdout: '3 rows read: 0 stored, 1 already there, 0 rejected, 2 passed over.\n',
      stderr: '',
    });
    expect(await sales()).toEqual([{ external_id: 'o2' }]);
  });
});
