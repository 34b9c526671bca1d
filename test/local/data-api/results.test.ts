import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, failure, named, openEndpoint } from './endpoint.ts';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
  await endpoint.run('drop table if exists conformance_result');
  await endpoint.run('drop type if exists conformance_mood');
  await endpoint.run("create type conformance_mood as enum ('glad', 'sad')");
});
afterAll(async () => {
  await endpoint.run('drop type conformance_mood');
  await endpoint.close();
});

async function value(expression: string, more = {}) {
  const { records } = await endpoint.run(`select ${expression}`, more);
  return records?.[0]?.[0];
}

describe('a value of type', () => {
  it.each<[string, object]>([
    ['true', { booleanValue: true }],
    ['false', { booleanValue: false }],
    ['(-7)::int2', { longValue: -7 }],
    ['7::int4', { longValue: 7 }],
    ['7::int8', { longValue: 7 }],
    ['2.25::float4', { doubleValue: 2.25 }],
    ['(-2.25)::float8', { doubleValue: -2.25 }],
    ['10.50::numeric(6, 2)', { stringValue: '10.50' }],
    ["'x'::text", { stringValue: 'x' }],
    ["'x'::varchar(3)", { stringValue: 'x' }],
    ["'x'::char(3)", { stringValue: 'x  ' }],
    ["'x'::name", { stringValue: 'x' }],
    ["'x'", { stringValue: 'x' }],
    ["'sad'::conformance_mood", { stringValue: 'sad' }],
    ["'10.0.0.1'::inet", { stringValue: '10.0.0.1' }],
    ['\'{"a":  1}\'::json', { stringValue: '{"a":  1}' }],
    ['\'{"a":  1}\'::jsonb', { stringValue: '{"a": 1}' }],
    [
      "'8C3F7F3A-2F5D-4C2E-9A39-3F1BB2C7E0A1'::uuid",
      { stringValue: '8c3f7f3a-2f5d-4c2e-9a39-3f1bb2c7e0a1' },
    ],
    ["'\\x00ff'::bytea", { blobValue: new Uint8Array([0, 255]) }],
    ["'2026-09-17'::date", { stringValue: '2026-09-17' }],
    ["'17:08:20.5'::time", { stringValue: '17:08:20.500' }],
    ["'2026-09-17 17:08:20.8551'::timestamp", { stringValue: '2026-09-17 17:08:20.855100' }],
    ["'2026-09-17 17:08:20'::timestamp", { stringValue: '2026-09-17 17:08:20' }],
    ["'2026-09-17 20:08:20.8-03'::timestamptz", { stringValue: '2026-09-17 23:08:20.800' }],
    ['null::int', { isNull: true }],
    ['null', { isNull: true }],
  ])('%s comes as the service sends it', async (expression, field) => {
    expect(await value(expression)).toMatchObject(field);
  });

  it.each<[string, object]>([
    ["'{1,NULL,3}'::int[]", { longValues: [1, null, 3] }],
    ["'[0:1]={1,2}'::int8[]", { longValues: [1, 2] }],
    ["'{t,f}'::bool[]", { booleanValues: [true, false] }],
    ["'{1.5,2}'::float8[]", { doubleValues: [1.5, 2] }],
    ["'{1.50}'::numeric[]", { stringValues: ['1.50'] }],
    [
      "array['a', 'b c', null, 'NULL', '', 'd\"e', 'f,g', 'h\\i']",
      { stringValues: ['a', 'b c', null, 'NULL', '', 'd"e', 'f,g', 'h\\i'] },
    ],
    [
      "array['2026-09-17 17:08:20.5+00'::timestamptz]",
      { stringValues: ['2026-09-17 17:08:20.500'] },
    ],
    ["array['sad'::conformance_mood]", { stringValues: ['sad'] }],
    ["'{}'::text[]", { stringValues: [] }],
  ])('%s comes as an array', async (expression, arrayValue) => {
    expect(await value(expression)).toEqual({ arrayValue });
  });

  it.each([
    ["'1 day'::interval", 'INTERVAL'],
    ["'17:08:20+02'::timetz", 'TIMETZ'],
    ["'1'::money", 'MONEY'],
    ["'[1,2)'::int4range", 'INT4RANGE'],
    ["'pg_class'::regclass", 'regclass'],
    ['\'x\'::"char"', '"CHAR"'],
    ["pg_notify('a', 'b')", 'VOID'],
    ['row(1, 2)', 'RECORD'],
    ["array['1 day'::interval]", '_INTERVAL'],
    ["array['a'::bytea]", '_BYTEA'],
  ])('%s is refused', async (expression, name) => {
    expect(await failure(value(expression))).toMatchObject({
      name: 'UnsupportedResultException',
      message: `The result contains the unsupported data type ${name}.`,
    });
  });

  it('an array of arrays is refused', async () => {
    expect(await failure(value("'{{1,2},{3,4}}'::int[]"))).toMatchObject({
      name: 'UnsupportedResultException',
      message: 'The result contains a multidimensional array',
    });
  });

  it.each(["'infinity'::timestamptz", "'-infinity'::date"])('%s breaks the service', async (at) => {
    expect(await failure(value(at))).toMatchObject({ name: 'InternalFailure' });
  });
});

describe('numbers', () => {
  it('beyond 2^53 lose their last digits, and as text they do not', async () => {
    expect(await value('9007199254740993::int8')).toEqual({ longValue: 9007199254740992 });
    const resultSetOptions = { longReturnType: 'STRING' as const };
    expect(await value('9007199254740993::int8', { resultSetOptions })).toEqual({
      stringValue: '9007199254740993',
    });
    expect(await value("'{9007199254740993}'::int8[]", { resultSetOptions })).toEqual({
      arrayValue: { stringValues: ['9007199254740993'] },
    });
  });

  it('that are decimal come as doubles or longs where that is wanted', async () => {
    const resultSetOptions = { decimalReturnType: 'DOUBLE_OR_LONG' as const };
    expect(await value('10.5::numeric', { resultSetOptions })).toEqual({ doubleValue: 10.5 });
    expect(await value('10::numeric', { resultSetOptions })).toEqual({ longValue: 10 });
  });

  it('that are none come as none', async () => {
    expect(await value("'NaN'::float8")).toEqual({ doubleValue: Number.NaN });
    expect(await value("'-Infinity'::float8")).toEqual({ doubleValue: Number.NEGATIVE_INFINITY });
  });
});

describe('an answer', () => {
  it('to a query holds rows, and no count of changes', async () => {
    const answer = await endpoint.run('select n, n::text from generate_series(1, 2) n');
    expect(answer).toMatchObject({ numberOfRecordsUpdated: 0 });
    expect(answer.columnMetadata).toBeUndefined();
    expect(answer.records).toEqual([
      [{ longValue: 1 }, { stringValue: '1' }],
      [{ longValue: 2 }, { stringValue: '2' }],
    ]);
    expect(await endpoint.run('select 1 where false')).toMatchObject({ records: [] });
  });

  it('to a write holds the count of rows, and never generated keys', async () => {
    await endpoint.run('create table conformance_result (id serial primary key, note text)');
    const insert = "insert into conformance_result (note) values ('a'), ('b')";
    const answer = await endpoint.run(insert);
    expect(answer).toMatchObject({ numberOfRecordsUpdated: 2, generatedFields: [] });
    expect(answer.records).toBeUndefined();
    const again = await endpoint.run(`${insert} returning id`, { formatRecordsAs: 'JSON' });
    expect(again.records).toEqual([[{ longValue: 3 }], [{ longValue: 4 }]]);
    const update = await endpoint.run("update conformance_result set note = 'c' where id > 1");
    expect(update.numberOfRecordsUpdated).toBe(3);
    await endpoint.run('drop table conformance_result');
  });

  it('describes its columns where that is wanted', async () => {
    await endpoint.run(
      'create table conformance_result (id serial primary key, cost numeric(10, 2), tags text[])',
    );
    const { columnMetadata } = await endpoint.run(
      'select id, cost as price, tags, 1 as one from conformance_result',
      { includeResultMetadata: true },
    );
    await endpoint.run('drop table conformance_result');
    expect(columnMetadata).toMatchObject([
      {
        name: 'id',
        typeName: 'serial',
        type: 4,
        nullable: 0,
        isAutoIncrement: true,
        isSigned: true,
      },
      { name: 'price', label: 'price', typeName: 'numeric', precision: 10, scale: 2, nullable: 1 },
      { name: 'tags', typeName: '_text', type: 2003, arrayBaseColumnType: 12 },
      { name: 'one', typeName: 'int4', nullable: 2, tableName: '', isAutoIncrement: false },
    ]);
    expect(columnMetadata?.[0]?.tableName).toBe('conformance_result');
  });

  it('as JSON keeps decimals and json as strings', async () => {
    const { records, formattedRecords } = await endpoint.run(
      `select 1 as n, 1.50::numeric as d, '{"a":1}'::json as j, null as x, array[1, 2] as l,
        true as b`,
      { formatRecordsAs: 'JSON' },
    );
    expect(records).toBeUndefined();
    expect(JSON.parse(formattedRecords ?? '')).toEqual([
      { n: 1, d: '1.50', j: '{"a":1}', x: null, l: [1, 2], b: true },
    ]);
  });

  it('as JSON cannot hold two columns of one name', async () => {
    const same = endpoint.run('select 1 as a, 2 as a', { formatRecordsAs: 'JSON' });
    expect((await failure(same)).message).toMatch(/duplicate column/i);
    const { records } = await endpoint.run('select 1 as a, 2 as a');
    expect(records).toEqual([[{ longValue: 1 }, { longValue: 2 }]]);
  });

  it('gives times in UTC even where a transaction has set another zone', async () => {
    const { records } = await endpoint.run(
      "select set_config('TimeZone', :zone, false), '2026-09-17 17:08:20.8+00'::timestamptz",
      { parameters: named({ zone: { stringValue: 'America/St_Johns' } }) },
    );
    expect(records?.[0]?.[1]).toEqual({ stringValue: '2026-09-17 17:08:20.800' });
  });
});
