import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let folder: string;
beforeAll(async () => {
  api = await startTestMachine();
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-spend-'));
});
beforeEach(() => api.sql('truncate source_spend'));
afterAll(async () => {
  await Promise.all([api.close(), rm(folder, { recursive: true })]);
});

async function importing(text: string, ...more: string[]) {
  await writeFile(join(folder, 'bills.csv'), text);
  const words = ['transfer/import', 'bills.csv', '--as', 'spend', '--url', api.url, ...more];
  return runCommand(words, { cwd: folder, env: { LEADPULSE_KEY: api.key } });
}

/** What stands, as `day source amount`. */
async function spend(): Promise<string[]> {
  const rows = await api.sql(
    "select concat_ws(' ', day, source, amount) as line from source_spend order by day, source",
  );
  return rows.map(({ line }) => line);
}

describe('spend', () => {
  const bills = 'day,source,amount\n2025-03-01,Zillow,"$1,200.10"\n2025-03-02,zillow,0.1\n';

  test('of several campaigns a day adds up to the cent, and stands once', async () => {
    const text = `${bills}2025-03-01,zillow ,0.20\n2025-03-01,,5\n`;
    expect((await importing(text)).stdout).toBe(
      '4 rows read: 4 stored, 0 already there, 0 rejected.\n',
    );
    const stands = ['2025-03-01  5.00', '2025-03-01 zillow 1200.30', '2025-03-02 zillow 0.10'];
    expect(await spend()).toEqual(stands);
    expect((await importing(text)).stdout).toMatch(/ 0 stored, 4 already there/);
    expect((await importing(text.replace('0.1\n', '0.2\n'))).stdout).toMatch(/ 1 stored, 3 alr/);
  });

  test('of several days is spread as the API spreads it', async () => {
    const days = 'from,to,source,amount\n2025-03-01,2025-03-04,zillow,10\n';
    await importing(`${days}2025-03-03,2025-03-05,zillow,1.01\n`);
    expect(await spend()).toEqual([
      '2025-03-01 zillow 3.34',
      '2025-03-02 zillow 3.33',
      '2025-03-03 zillow 3.84',
      '2025-03-04 zillow 0.50',
    ]);
    const bill = { source: 'alone', from: '2025-03-01', to: '2025-03-04', amount: 10 };
    await api.send('PUT', '/v1/spend', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bill),
    });
    expect((await spend()).filter((line) => /alone/.test(line))).toEqual([
      '2025-03-01 alone 3.34',
      '2025-03-02 alone 3.33',
      '2025-03-03 alone 3.33',
    ]);
  });

  test('of a day with a row that cannot be read waits until that one is put right', async () => {
    const said = await importing(`${bills}2025-03-01,zillow,soon\n`);
    expect(said).toMatchObject({ code: 2, stdout: expect.stringMatching(/1 stored, .* 2 rej/) });
    expect(await spend()).toEqual(['2025-03-02 zillow 0.10']);
    const rejected = await readFile(join(folder, 'bills.rejected.csv'), 'utf8');
    expect(rejected.split('\r\n')).toEqual([
      'line,reason,day,source,amount',
      '2,"Line 4 cannot be read, and may be of the same source and day.",2025-03-01,Zillow,' +
        '"$1,200.10"',
      '4,"""amount"" must be an amount of at least 0, such as 12500.00.",2025-03-01,zillow,soon',
      '',
    ]);
    await importing(rejected.replace('soon', '0.20'));
    expect(await spend()).toEqual(['2025-03-01 zillow 1200.30', '2025-03-02 zillow 0.10']);
    await expect(readFile(join(folder, 'bills.rejected.csv'))).rejects.toThrow(/ENOENT/);
  });

  test('of a source with a row of no known day waits until that one is put right', async () => {
    const { stdout } = await importing(`${bills}03/2025,zillow,1\n2025-03-01,google,7\n`);
    expect(stdout).toMatch(/^4 rows read: 1 stored, 0 already there, 3 rejected/);
    expect(await spend()).toEqual(['2025-03-01 google 7.00']);
  });

  test('with a line of totals is stored without it', async () => {
    const { stdout } = await importing(`${bills}Total,,1200.20\n`);
    expect(stdout).toMatch(/^3 rows read: 2 stored, 0 already there, 1 rejected/);
  });

  test('with a row whose cells slipped is not stored at all', async () => {
    const { stdout } = await importing(`${bills}2025-03-01,Zillow, Inc.,7\n`);
    expect(stdout).toMatch(/^3 rows read: 0 stored, 0 already there, 3 rejected/);
    expect(await spend()).toEqual([]);
  });

  test.each([
    ['from,to,source,amount\n2025-03-01,2025-03-01,x,1\n', /""to"", the day after the last one,/],
    ['from,to,source,amount\n2025-03-01,2027-03-01,x,1\n', /at most 366 days/],
    ['from,to,day,source,amount\n2025-03-01,,,x,1\n', /either ""day"", or ""from"" and ""to""/],
    ['day,source,amount\n2025-03-01,x,-1\n', /must be an amount of at least 0/],
    [`day,source,amount\n2025-03-01,${'x'.repeat(101)},1\n`, /""source"" may be at most 100 char/],
  ])('of %j is refused', async (text, reason) => {
    expect((await importing(text)).code).toBe(2);
    expect(await readFile(join(folder, 'bills.rejected.csv'), 'utf8')).toMatch(reason);
  });

  test('of a row that is passed over counts for nothing', async () => {
    const text = `${bills}2025-03-01,,5\n2025-03-01,,6\n`;
    const { code, stdout } = await importing(text, '--skip-empty', 'source');
    expect(code).toBe(0);
    expect(stdout).toBe('4 rows read: 2 stored, 0 already there, 0 rejected, 2 passed over.\n');
    expect(await spend()).toEqual(['2025-03-01 zillow 1200.10', '2025-03-02 zillow 0.10']);
  });

  test('in a dry run stays as it is', async () => {
    const { stdout } = await importing(bills, '--dry-run');
    expect(stdout).toMatch(/^A dry run, nothing was stored\. 2 rows read: 2 would be stored/);
    expect(stdout).toContain('{"source":"zillow","day":"2025-03-01","amount":"1200.10"}');
    expect(await spend()).toEqual([]);
  });
});
