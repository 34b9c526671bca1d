import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

describe('npm run import', () => {
  test('takes in rows, and the second time finds them there', async () => {
    await write(
      'leads.csv',
      'source,first_name,created_at,site\nOne,Ada,2017-10-15,x\nOne,Bea,2017-10-16,y\n',
    );
    const said = (stored: number, present: number) => ({
      code: 0,
      stdout:
        `2 rows read: ${stored} stored, ${present} already there, 0 rejected.\n` +
        'Left out: site.\n',
      stderr: '',
    });
    expect(await run('leads.csv', '--as', 'leads')).toEqual(said(2, 0));
    expect(await run('leads.csv', '--as', 'leads')).toEqual(said(0, 2));
    expect(await leadsOf('one')).toHaveLength(2);
    const [ada] = await api.sql("select * from leads where source = 'one' and first_name = 'Ada'");
    // There was no midnight in São Paulo that day.
    expect(ada?.created_at).toEqual(new Date('2017-10-15T03:00:00Z'));
  });

  test('rows that say the same are one row', async () => {
    await write('leads.csv', 'source,email\ntwin,a@b.de\ntwin,a@b.de\ntwin,a@b.com\n');
    const { stdout } = await run('leads.csv', '--as', 'leads');
    expect(stdout).toBe('3 rows read: 2 stored, 1 already there, 0 rejected.\n');
  });

  test('of two rows of one name the first one counts, however far apart', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `far,${index % 1500},n${index}\n`);
    await write('leads.csv', `source,external_id,first_name\n${names.join('')}`);
    const { stdout } = await run('leads.csv', '--as', 'leads');
    expect(stdout).toBe('3,000 rows read: 1,500 stored, 1,500 already there, 0 rejected.\n');
    for (const lead of await leadsOf('far')) expect(lead.first_name).toBe(`n${lead.external_id}`);
  });

  test('a duplicate finds its original, though that stands below', async () => {
    const id = '0b9e3f5e-59ad-4a4f-8b3c-9a1d2c3e4f50';
    await write('leads.csv', `source,external_id,id,duplicate_of\npair,a,,${id}\npair,b,${id},\n`);
    const { stdout } = await run('leads.csv', '--as', 'leads');
    expect(stdout).toBe('2 rows read: 2 stored, 0 already there, 0 rejected.\n');
    expect(await leadsOf('pair')).toMatchObject([{ duplicate_of: id }, { id }]);
  });

  test('reads what a person exported from a spreadsheet', async () => {
    const rows = ['Datum;Name;Wert;Test', '26.02.2018 19:58;"Meyer; Ann";1.234,50 €;no'];
    await write('leads.csv', `\ufeff${rows.join('\r\n')}\r\n`);
    const maps = ['Datum=created_at', 'Name=last_name', 'Wert=estimated_value', 'Test=is_test'];
    const options = ['--delimiter', ';', '--dates', 'dmy', '--set', 'source=sheet'];
    const mapped = maps.flatMap((map) => ['--map', map]);
    expect((await run('leads.csv', '--as', 'leads', ...mapped, ...options)).code).toBe(0);
    expect(await leadsOf('sheet')).toMatchObject([
      {
        last_name: 'Meyer; Ann',
        estimated_value: '1234.50',
        is_test: false,
        created_at: new Date('2018-02-26T22:58:00Z'),
      },
    ]);
  });

  test('takes in agents, skills and what happened to leads', async () => {
    await write('agents.csv', 'rep\nr1\nr2\nr1\n');
    const agents = ['--map', 'rep=external_id', '--map', 'rep=first_name', '--set', 'last_name=-'];
    expect((await run('agents.csv', '--as', 'agents', ...agents)).stdout).toBe(
      '3 rows read: 2 stored, 1 already there, 0 rejected.\n',
    );
    await write('skills.csv', 'name,config\nqualifier,"{""model"":1}"\n');
    expect((await run('skills.csv', '--as', 'skills')).code).toBe(0);
    expect((await run('skills.csv', '--as', 'skills')).stdout).toMatch(/0 stored, 1 already there/);
    await write('leads.csv', 'external_id\nd1\nd2\n');
    await run('leads.csv', '--as', 'leads', '--set', 'source=deals');
    await write(
      'deals.csv',
      'lead,won,rep,worth\nd1,2018-02-26 19:58:54,r1,10.5\nd2,2018-02-27,r2,\n',
    );
    const deals = (...more: string[]) =>
      run(
        ...['deals.csv', '--as', 'events', '--map', 'lead=lead_external_id'],
        ...['--map', 'won=created_at', '--map', 'rep=agent_external_id'],
        ...['--set', 'event_source=import', ...more],
      );
    expect((await deals('--set', 'event_type=assigned')).code).toBe(0);
    const closed = ['--set', 'event_type=closed', '--map', 'worth=value'];
    expect((await deals(...closed, '--map', 'rep=details.rep')).code).toBe(0);
    expect(await leadsOf('deals')).toMatchObject([
      { current_stage: 'closed', conversion_value: '10.50' },
      { current_stage: 'closed', conversion_value: null },
    ]);
    const events = await api.sql("select * from lead_events where event_type = 'closed'");
    expect(events.map(({ details }) => details.rep).toSorted()).toEqual(['r1', 'r2']);
  });
});

test('a server that is busy is waited for', async () => {
  await write('leads.csv', 'source,email\nbusy,a@b.de\n');
  api.machine.dataApi.resume({ calls: 1 });
  expect((await run('leads.csv', '--as', 'leads')).stdout).toMatch(/^1 rows read: 1 stored/);
});

// By npm, which starts it with a small heap: node would let it grow to twice as much.
test('an import keeps within 200 MB, however long the file', async () => {
  const words = 'a few words to make this row about as long as rows are '.repeat(4);
  const rows = Array.from({ length: 30_000 }, (_, index) => `long,${index},${words}\n`);
  await write('long.csv', `source,external_id,notes\n${rows.join('')}`);
  const tell = 'process.on("exit",()=>console.error("RSS",process.resourceUsage().maxRSS))';
  const { stdout, stderr } = await promisify(execFile)(
    'npm',
    ['run', '-s', 'import', '--', join(folder, 'long.csv'), '--as', 'leads', '--url', api.url],
    {
      env: {
        ...process.env,
        LEADPULSE_KEY: api.key,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}`,
      },
    },
  );
  // A busy machine may answer too late, and the same rows are sent again.
  expect(stdout).toMatch(/^30,000 rows read: [\d,]+ stored, [\d,]+ already there, 0 rejected/);
  const peaks = [...stderr.matchAll(/RSS (\d+)/g)].map(([, kilobytes]) => Number(kilobytes) / 1024);
  expect(Math.max(...peaks)).toBeLessThan(200);
}, 60_000);
