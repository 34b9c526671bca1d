import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { runCommand } from '../setup/command.ts';
import { openShell, shows, stepsOf } from '../setup/console.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let project: Awaited<ReturnType<typeof copyProject>>;
beforeAll(async () => {
  [api, project] = await Promise.all([startTestMachine(), copyProject()]);
  const { url, machine } = api;
  const { environment, databaseUrl } = machine;
  const running = JSON.stringify({ pid: 1, url, environment, databaseUrl });
  await writeFile(join(project.folder, '.leadpulse/machine.json'), running);
});
afterAll(async () => {
  await Promise.all([api.close(), project.remove()]);
});

/** What the address that `npm run bi` prints lets one do: the rows of a statement, or SQLSTATE. */
async function ask(sql: string, ...flags: string[]) {
  const { folder } = project;
  const said = await runCommand(['bi', ...flags], { cwd: folder, project: folder });
  expect(said).toMatchObject({ code: 0, stderr: '' });
  const client = new pg.Client({ connectionString: said.stdout.trim() });
  await client.connect();
  return client
    .query(sql)
    .then(
      ({ rows }) => rows,
      ({ code }) => code,
    )
    .finally(() => client.end());
}

test('npm run bi gives a login that reads, and people only where that is asked for', async () => {
  const id = await api.take({ email: 'ada@example.com' });
  expect(await ask('select id from bi.leads')).toEqual([{ id }]);
  expect(await ask('delete from leads')).toBe('25006');
  expect(await ask('select email from bi.people')).toBe('42501');
  expect(await ask('select email from bi.people', '--people')).toEqual([
    { email: 'ada@example.com' },
  ]);
  expect(await ask('select email from bi.people')).toBe('42501');
  await api.sql('truncate leads, lead_events cascade');
});

// Not among what npm installs: PostgreSQL's own client, where the machine has one.
const hasPsql = (() => {
  try {
    return execFileSync('psql', ['--version']).length > 0;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPsql)('in psql', () => {
  let shell: ReturnType<typeof openShell>;
  beforeAll(() => {
    shell = openShell({ cwd: project.folder, env: { LEADPULSE_KEY: api.key } });
  });
  afterAll(() => shell.close());

  test('docs/bi.md says what its commands answer', async () => {
    const page = readFileSync('docs/bi.md', 'utf8');
    const steps = stepsOf(page.replaceAll('localhost:4000', new URL(api.url).host));
    expect(steps.length).toBeGreaterThan(5);
    for (const { command, shown } of steps) {
      const output = await shell.run(command);
      expect(shows(output, shown), `${command} shows\n${output}\ninstead of\n${shown}`).toBe(true);
    }
  });

  const forbidden = ['duplicates', 'waiting-leads'];
  const names = reports.map(({ name }) => name).filter((name) => !forbidden.includes(name));
  test.each(names)('%s is the report that the API answers', async (name) => {
    const [flags, search] = asked[name] ?? asked.all ?? ['', ''];
    const output = await shell.run(`psql "\${BI:=$(npm run -s bi)}" --csv -q -v report=${name} \
      ${flags} -f sql/reports/report.psql`);
    const { body } = await api.get(`/v1/reports/${name}?${search}`);
    const rows: Record<string, string>[] = parse(output.trim(), { columns: true });
    expect(JSON.parse(rows[0]?.about ?? '')).toMatchObject({ excluded: body.excluded });
    const columns = reports.find((report) => report.name === name)?.columns ?? [];
    const shown = rows
      .filter(({ place }) => place !== '')
      .map((row) => columns.map((column) => row[column.name]));
    const answered = body.rows.map((row: Record<string, unknown>) =>
      columns.map((column) => asInPsql(row[column.name])),
    );
    expect(shown).toEqual(answered);
  });

  test('of experiments it says all but what takes a test, which the API computes', async () => {
    const leads = [await api.take({}), await api.take({})];
    await api.sql(
      `with x as (
         insert into lead_experiments (name, primary_metric, created_at)
         values ('quick reply', 'dead_rate', now() - interval '40 days') returning id
       )
       insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
       select l.id, x.id, l.arm, now() - interval '31 days'
       from x, unnest($1::uuid[], array['control', 'treatment']) as l (id, arm)`,
      [leads],
    );
    await api.sql(`update leads set created_at = now() - interval '31 days'`);
    const output = await shell.run(`psql "\${BI:=$(npm run -s bi)}" --csv -q \
      -v report=experiment-results -f sql/reports/report.psql`);
    const [seen]: Record<string, string>[] = parse(output.trim(), { columns: true });
    const [row] = (await api.get('/v1/reports/experiment-results')).body.rows;
    const names = Object.keys(row).filter((name) => name !== 'next_look_at');
    const other = names.filter((name) => seen?.[name] !== asInPsql(row[name]));
    const low = 'difference_points_low';
    expect(other).toEqual([low, 'difference_points_high', 'p_value', 'p_allowed', 'health']);
    expect(row).toMatchObject({ control_n: 1, treatment_n: 1, p_value: 1, health: 'ok' });
  });

  test.each(forbidden)('but for %s, which tells of people', async (name) => {
    const output = await shell.run(`psql "\${BI:=$(npm run -s bi)}" -v report=${name} \
      -f sql/reports/report.psql 2>&1`);
    expect(output).toContain('permission denied for table leads');
  });
});

/** The same question, as psql and as the API are asked it. */
const asked: Record<string, readonly [flags: string, search: string]> = {
  all: ['-v source=zillow -v from=2026-01-01', 'source=zillow&from=2026-01-01'],
  'contact-curve': ['-v from=2026-01-01', 'from=2026-01-01&by=source'],
  'experiment-results': ['', ''],
  'lead-metrics': ['-v from=2026-01-01', 'from=2026-01-01&by=source'],
  'response-time': ['-v by=agent -v human_only=true', 'by=agent&human_only=true'],
  trend: ['-v bucket=month', 'bucket=month'],
};

const asInPsql = (value: unknown) => (value === true ? 't' : String(value ?? ''));
