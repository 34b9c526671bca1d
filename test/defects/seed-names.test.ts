import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { createDatabase } from '../setup/database.ts';
import { plantSeed, seedObjects, seedQuery, seedReports, seedText } from './seed.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let seed: Awaited<ReturnType<typeof plantSeed>>;
beforeAll(async () => {
  database = await createDatabase();
  seed = await plantSeed(database.url);
  await seed.at('2025-06-20T12:00:00Z');
});
afterAll(async () => {
  await seed.close();
  await database.close();
});

const walk = readFileSync('docs/seed.md', 'utf8');
const quoted = new Set([...walk.matchAll(/`([^`\n]+)`/g)].map(([, text]) => String(text)));

/** What the seed's text creates, by name: table, index, function, trigger, materialized view. */
const created = seedObjects.flatMap((name) =>
  [
    ...seedText(name).matchAll(
      /^CREATE (?:OR REPLACE )?(TABLE|INDEX|FUNCTION|TRIGGER|MATERIALIZED VIEW) (\w+)/gm,
    ),
  ].map(([, kind, name]) => ({ kind: String(kind).toLowerCase(), name: String(name) })),
);

/** What a schema has of these kinds; of indexes, those of no constraint. */
const objects = `
  select case c.relkind when 'r' then 'table' when 'm' then 'materialized view' else 'index' end
    as kind, c.relname as name
  from pg_class c
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'm', 'i')
    and not exists (select from pg_constraint k where k.conindid = c.oid)
  union all
  select 'function', p.proname from pg_proc p where p.pronamespace = $1::regnamespace
  union all
  select 'trigger', t.tgname
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = $1::regnamespace and not t.tgisinternal`;

/** The columns of a schema's tables and views, each with its type. */
const columns = `
  select c.relname || '.' || a.attname as name, format_type(a.atttypid, null) as type
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'm') and a.attnum > 0
    and not a.attisdropped
  order by c.relname, a.attnum`;

describe('the seed by name', () => {
  test('each table, index, function, trigger and view of its text is in our database', async () => {
    // 5 tables, 14 indexes, 2 functions, 1 trigger, 1 materialized view.
    expect(created).toHaveLength(23);
    expect(await seed.sql(objects, ['seed'])).toEqual(expect.arrayContaining(created));
    expect(await database.sql(objects, ['public'])).toEqual(expect.arrayContaining(created));
  });

  test('every index of its text leads with the same columns of the same table', async () => {
    const sql = `select indexname, tablename, substring(indexdef from '\\((.*)\\)') as columns
      from pg_indexes where schemaname = $1`;
    const ours = new Map(
      (await database.sql(sql, ['public'])).map((row) => [row.indexname, row] as const),
    );
    for (const index of await seed.sql(sql, ['seed'])) {
      if (!created.some(({ name }) => name === index.indexname)) continue;
      const mine = ours.get(index.indexname);
      expect(mine?.tablename).toBe(index.tablename);
      expect(`${mine?.columns},`.startsWith(`${index.columns},`), index.indexname).toBe(true);
    }
  });

  test('every column is in our database; four of the view have another type', async () => {
    const theirs = await seed.sql(columns, ['seed']);
    expect(theirs.length).toBeGreaterThan(90);
    const ours = new Map(
      (await database.sql(columns, ['public'])).map((row) => [row.name, row.type] as const),
    );
    const changed = theirs
      .filter(({ name, type }) => ours.get(name) !== type)
      .map(({ name, type }) => `${name}: ${type} → ${ours.get(name)}`);
    expect(changed).toEqual([
      'lead_metrics.date: timestamp with time zone → date',
      'lead_metrics.contact_rate: double precision → numeric',
      'lead_metrics.qualification_rate: double precision → numeric',
      'lead_metrics.conversion_rate: double precision → numeric',
    ]);
  });

  test.each(seedReports)('the columns of %s come first, in its order', async (name) => {
    const query = seedQuery(name).replace(/;\s*$/, '');
    const { fields } = await seed.client.query(`select * from (${query}) as report limit 0`);
    const theirs = fields.map((field) => field.name);
    const ours = reports.find((report) => report.name === name)?.columns ?? [];
    expect(ours.slice(0, theirs.length).map((column) => column.name)).toEqual(theirs);
  });

  test('the columns of the view come first in lead-metrics, in its order', async () => {
    const { fields } = await seed.client.query('select * from seed.lead_metrics limit 0');
    const ours = reports.find(({ name }) => name === 'lead-metrics')?.columns ?? [];
    expect(ours.slice(0, fields.length).map((column) => column.name)).toEqual(
      fields.map((field) => field.name),
    );
  });
});

describe('docs/seed.md', () => {
  test('names every object, column and report of the seed', async () => {
    const names = [
      ...created.map(({ name }) => name),
      ...(await seed.sql(columns, ['seed'])).map(({ name }) => String(name).split('.')[1]),
      ...seedReports,
    ];
    expect(names.filter((name) => !quoted.has(String(name)))).toEqual([]);
  });

  test('names only files that exist', () => {
    const files = [...quoted].filter((text) => /^[\w.-]+(\/[\w.*-]+)+$/.test(text));
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('has a row for each of the 17 defects', () => {
    const rows = [...walk.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
    expect(rows).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  });

  test('is short', () => {
    expect(walk.split('\n').length).toBeLessThanOrEqual(250);
  });
});
