import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { findPlaceholders } from '../../core/database/sql-text.ts';
import { toCsv } from '../../core/http/csv.ts';
import { databaseTypes } from '../../core/reports/columns.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

/** What PostgreSQL says a statement returns: names and types, asked without a row. */
async function described(sql: string): Promise<[string, string][]> {
  const names = [...new Set([...sql.matchAll(/(?<![:\w]):([a-z_]+)/g)].map((match) => match[1]))];
  const text = sql.replaceAll(/(?<![:\w]):([a-z_]+)/g, (_, name) => `$${names.indexOf(name) + 1}`);
  const values = names.map((name) => (name === 'now' ? new Date().toISOString() : null));
  const { fields } = await api.pool.query(text, values);
  const types = await api.sql<{ oid: number; typname: string }>('select oid, typname from pg_type');
  const typeOf = new Map(types.map((type) => [type.oid, type.typname]));
  return fields.map((field) => [field.name, typeOf.get(field.dataTypeID) ?? '']);
}

describe.each(reports)('$name', (report) => {
  test('returns the columns it promises, in their order and of their types', async () => {
    const [about, place, period, ...columns] = await described(report.sql);
    expect([about, place, period]).toEqual([
      ['about', 'json'],
      ['place', 'int8'],
      ['period', 'text'],
    ]);
    const shown = report.finish ? columns.slice(0, -1) : columns;
    expect(shown.map(([name]) => name)).toEqual(report.columns.map((column) => column.name));
    if (report.finish) expect(columns.at(-1)).toEqual(['facts', 'json']);
    for (const [index, [name, type]] of shown.entries()) {
      const { kind } = report.columns[index] ?? { kind: 'text' };
      expect(databaseTypes[kind], name).toContain(type);
    }
  });

  test('answers as CSV with the same columns', async () => {
    const { text, headers } = await api.get(`/v1/reports/${report.name}?format=csv`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')[0]).toBe(report.columns.map((column) => column.name).join(','));
  });

  test('takes one call of the Data API, and its list none', async () => {
    api.machine.dataApi.resetCalls();
    await api.get(`/v1/reports/${report.name}`);
    expect(api.machine.dataApi.calls()).toBe(1);
    await api.get('/v1/reports');
    expect(api.machine.dataApi.calls()).toBe(1);
  });
});

test('the parameters a statement binds are those PostgreSQL would see', () => {
  for (const { sql } of reports) {
    const written = [...sql.matchAll(/(?<![:\w]):([a-z_]+)/g)].map((match) => match[1]);
    expect(written).toEqual(findPlaceholders(sql).map((placeholder) => placeholder.name));
  }
});

test('a report that is cut says so, as JSON and as CSV', async () => {
  await api.sql(`insert into leads (source) select 'cut ' || n from generate_series(1, 1001) as n`);
  const answer = await api.get('/v1/reports/lead-source-performance');
  expect([answer.body.truncated, answer.body.rows.length]).toEqual([true, 1000]);
  const csv = await api.get('/v1/reports/lead-source-performance?format=csv');
  expect([csv.headers.get('x-truncated'), csv.text.split('\r\n').length]).toEqual(['true', 1002]);
  await api.sql('delete from leads');
});

test.each(['=', '+', '-', '@', '\t'])('text that begins with %j stays text in CSV', (first) => {
  const column = { name: 'source', kind: 'text' as const };
  expect(toCsv([column], [{ source: `${first}1` }])).toContain(`'${first}1`);
  expect(toCsv([{ name: 'n', kind: 'money' }], [{ n: '-1.00' }])).toBe('n\r\n-1.00\r\n');
});

test('what looks like a formula stays text in CSV, a quote stays a quote', async () => {
  await api.post('/v1/leads', { source: '=cmd("x"),1' });
  const { text } = await api.get('/v1/reports/lead-source-performance?format=csv');
  expect(text.split('\r\n')[1]).toMatch(/^"'=cmd\(""x""\),1",1,0,0,/);
});
