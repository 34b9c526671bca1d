import { readFileSync } from 'node:fs';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { startDataApi } from '../../local/data-api/server.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let tool: pg.Client;
const username = `bi_test_${process.pid}`;
const password = 'a password of a test';

beforeAll(async () => {
  api = await startTestMachine();
  await asked('bi');
  tool = new pg.Client({
    connectionString: Object.assign(new URL(api.databaseUrl), { username, password }).href,
  });
  await tool.connect();
});
afterAll(async () => {
  await tool.end();
  await api.close();
});

/** Makes the login anew, as each deployment does. */
const asked = (duty: 'bi' | 'bi_people') =>
  api.sql('select set_database_role($1, $2, $3)', [duty, username, password]);

/** `done`, or the SQLSTATE with which the tool's statement was refused. */
const run = (sql: string): Promise<string | undefined> =>
  tool.query(sql).then(
    () => 'done',
    ({ code }) => code,
  );

const forbidden = '42501';

describe('a BI tool sees', () => {
  test.each([
    'leads',
    'lead_events',
    'agents',
    'skills',
    'source_spend',
    'lead_metrics',
    'workspace',
  ])('bi.%s', async (view) => expect(await run(`select * from bi.${view}`)).toBe('done'));

  test('the leads that count, and neither tests, duplicates nor what was taken back', async () => {
    const id = await api.take({ email: 'ada@example.com' });
    await api.take({ email: 'ada@example.com', is_test: true });
    const other = await api.take({ email: 'bob@example.com' });
    await api.patch(`/v1/leads/${other}`, { duplicate_of: id });
    const event = { event_type: 'contacted', event_source: 'agent' };
    const { body } = await api.post(`/v1/leads/${id}/events`, event);
    await api.post(`/v1/leads/${id}/events`, { ...event, event_type: 'qualified' });
    await api.post(`/v1/events/${body.id}/void`, { by: 'Bea', reason: 'a wrong number' });
    const summary = await api.get('/v1/reports/executive-summary');
    const { rows: leads } = await tool.query('select id, current_stage from bi.leads');
    expect(leads).toEqual([{ id, current_stage: 'qualified' }]);
    expect(summary.body.rows[0].total_leads).toBe(leads.length);
    const { rows: events } = await tool.query('select event_type from bi.lead_events order by 1');
    expect(events).toEqual([{ event_type: 'created' }, { event_type: 'qualified' }]);
  });

  test('the same through the Data API, as docs/bi.md asks it', async () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:bi-AbCdEf';
    const roles = { [secretArn]: username };
    const dataApi = await startDataApi({ databaseUrl: api.databaseUrl, roles });
    const client = new RDSDataClient({ endpoint: dataApi.url, region: 'eu-west-1' });
    const sql = /--sql '(.*)'/.exec(readFileSync('docs/bi.md', 'utf8'))?.[1];
    const ask = (text?: string) =>
      client.send(
        new ExecuteStatementCommand({
          resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:leadpulse-dev',
          secretArn,
          database: new URL(api.databaseUrl).pathname.slice(1),
          formatRecordsAs: 'JSON',
          sql: text,
        }),
      );
    const { formattedRecords } = await ask(sql);
    expect(JSON.parse(formattedRecords ?? '')).toEqual([{ source: 'zillow', count: 1 }]);
    await expect(ask('select email from leads')).rejects.toThrow(/SQLState: 42501/);
    client.destroy();
    await dataApi.close();
  });

  test.each(reports.map(({ name, sql }) => [name, sql]))('the report %s', async (name, sql) => {
    // Who may be there twice is found by addresses and numbers, who waits told by what they own.
    const outcome = ['duplicates', 'waiting-leads'].includes(name) ? forbidden : 'done';
    expect(await run(withoutParameters(sql))).toBe(outcome);
  });
});

describe('a BI tool does not see', () => {
  test('any column that tells of a person, nor a table that is not written down', async () => {
    const [row] = await api.sql<{ person_fields: string[] }>('select person_fields()');
    const hidden = [
      ...(row?.person_fields ?? []),
      'search_text',
      'external_id',
      'details',
      'void_reason',
      'voided_by',
      'identity_subject',
    ];
    const seen = await tool.query(
      `select c.oid::regclass::text as relation, array_agg(a.attname::text) as columns
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace in ('public'::regnamespace, 'bi'::regnamespace)
         and c.relkind in ('r', 'v', 'm', 'p')
         and has_column_privilege(c.oid, a.attnum, 'select')
       group by c.oid
       order by 1`,
    );
    const byRelation = new Map(seen.rows.map(({ relation, columns }) => [relation, columns]));
    const agents = ['agent_profiles', 'bi.agents'];
    for (const [relation, columns] of byRelation) {
      const names = agents.includes(relation) ? ['first_name', 'last_name'] : [];
      const told = columns.filter((column: string) => hidden.includes(column));
      expect([relation, told.sort()]).toEqual([relation, names]);
    }
    expect([...byRelation.keys()].filter((relation) => !relation.startsWith('bi.'))).toEqual([
      'agent_profiles',
      'lead_events',
      'lead_experiment_assignments',
      'lead_experiment_looks',
      'lead_experiments',
      'lead_metrics',
      'lead_skills',
      'leads',
      'metric_refreshes',
      'sla_policies',
      'source_spend',
      'workspace',
    ]);
  });

  test.each([
    'select * from leads',
    'select email from leads',
    'select search_text from leads',
    'select count(*) from leads l where l.notes is not null',
    'select details from lead_events',
    'select email from agent_profiles',
    'select * from bi.people',
    'select * from corrections',
    'select * from audit_log',
    'select * from api_keys',
    'select * from hook_mappings',
    'select * from idempotency_keys',
    'select * from schema_migrations',
  ])('%s', async (sql) => expect(await run(sql)).toBe(forbidden));

  test('people, unless that was asked for, and no more once it is not', async () => {
    const people = 'select email from bi.people where email is not null';
    expect(await run(people)).toBe(forbidden);
    await asked('bi_people');
    expect((await tool.query(people)).rows).toEqual([{ email: 'ada@example.com' }]);
    expect(await run('select raw_data from leads')).toBe(forbidden);
    await asked('bi');
    expect(await run(people)).toBe(forbidden);
  });
});

describe('a BI tool changes nothing', () => {
  test.each([
    "update leads set source = 'x'",
    'delete from lead_events',
    "insert into bi.source_spend values ('2026-03-01', 'zillow', 1)",
    'update bi.agents set active = false',
    'truncate bi.leads',
    'drop view bi.leads',
    'create table bi.mine (id int)',
    'create table public.mine (id int)',
    'create schema mine',
    'refresh materialized view lead_metrics',
    "select * from take_leads('[]', clock_timestamp())",
    "select erase_lead(gen_random_uuid(), 'x', 'x', now())",
    `select set_database_role('bi_people', '${username}', 'x')`,
    'alter role current_user superuser',
  ])('%s', async (sql) => {
    // Read-only by default, and forbidden to who says that it shall not be.
    await tool.query('begin; set transaction read write');
    expect(await run(sql)).toMatch(/^(42501|42809)$/);
    await tool.query('rollback');
  });

  test('and its sessions are read-only, and end what takes longer than 30 seconds', async () => {
    expect(await run('create temporary table mine (id int)')).toBe('25006');
    const { rows } = await tool.query(
      `select name, setting from pg_settings where name ~ '^(statement|idle_in_trans.*)_timeout$'
       or name = 'default_transaction_read_only' order by name`,
    );
    expect(rows).toEqual([
      { name: 'default_transaction_read_only', setting: 'on' },
      { name: 'idle_in_transaction_session_timeout', setting: '60000' },
      { name: 'statement_timeout', setting: '30000' },
    ]);
  });
});

/** A report's statement as for somebody who gives nothing. */
function withoutParameters(sql: string): string {
  const given: Record<string, string> = {
    now: 'now()',
    basis: "'created'",
    by: "'source'",
    bucket: "'day'",
    human_only: 'false',
    rows: '10',
  };
  return sql.replaceAll(/(?<![:\w]):([a-z_]+)/g, (_, name) => given[name] ?? 'null');
}
