import { BatchExecuteStatementCommand, type SqlParameter } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, failure, named, onAws, openEndpoint, target } from './endpoint.ts';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

async function select(expression: string, parameters: SqlParameter[]) {
  const { records } = await endpoint.run(`select ${expression}`, { parameters });
  return records?.[0]?.map((field) => Object.values(field)[0]);
}

describe('a parameter', () => {
  it.each<[string, SqlParameter['value'], SqlParameter['typeHint'], string]>([
    ['stringValue', { stringValue: "it's é 😀" }, undefined, 'text'],
    ['longValue', { longValue: 7 }, undefined, 'bigint'],
    ['doubleValue', { doubleValue: 7 }, undefined, 'double precision'],
    ['doubleValue that is none', { doubleValue: Number.NaN }, undefined, 'double precision'],
    ['booleanValue', { booleanValue: false }, undefined, 'boolean'],
    ['blobValue', { blobValue: new Uint8Array([0, 255]) }, undefined, 'bytea'],
    ['date', { stringValue: '2026-09-17' }, 'DATE', 'date'],
    ['decimal', { stringValue: '-1.50' }, 'DECIMAL', 'numeric'],
    ['time', { stringValue: '17:08:20.5' }, 'TIME', 'time without time zone'],
    [
      'timestamp',
      { stringValue: '2026-09-17 17:08:20' },
      'TIMESTAMP',
      'timestamp without time zone',
    ],
    ['uuid', { stringValue: '8c3f7f3a-2f5d-4c2e-9a39-3f1bb2c7e0a1' }, 'UUID', 'uuid'],
  ])('as %s has its own type', async (_name, value, typeHint, type) => {
    expect(await select('pg_typeof(:x)::text', named({ x: value }, typeHint))).toEqual([type]);
  });

  it.each<[string, SqlParameter['value']]>([
    ['a text', { stringValue: "'; drop table x; -- \\ 😀 \n" }],
    ['a whole number', { longValue: -9007199254740991 }],
    ['a fraction', { doubleValue: 0.1 }],
    ['a truth', { booleanValue: true }],
    ['bytes', { blobValue: new Uint8Array([0, 1, 255]) }],
    ['nothing', { isNull: true }],
  ])('that is %s comes back as it was', async (_name, value) => {
    const cast = value?.isNull ? ':x::text' : ':x';
    const { records } = await endpoint.run(`select ${cast}`, { parameters: named({ x: value }) });
    expect(records?.[0]?.[0]).toEqual(value);
  });

  it('with a JSON hint fits where json fits', async () => {
    const parameters = named({ x: { stringValue: '{"a": [1]}' } }, 'JSON');
    expect(await select(":x -> 'a' ->> 0", parameters)).toEqual(['1']);
  });

  it('is not turned into the type beside it', async () => {
    const call = select('1 where gen_random_uuid() = :id', named({ id: { stringValue: 'x' } }));
    expect((await failure(call)).message).toMatch(/uuid = text[\s\S]*; SQLState: 42883$/);
  });

  it('that is null has no type of its own', async () => {
    const parameters = named({ x: { isNull: true } });
    const call = select(':x is null', parameters);
    expect((await failure(call)).message).toMatch(/; SQLState: 42P18$/);
    expect(await select(':x::text is null', parameters)).toEqual([true]);
  });

  it('may be named by digits, and used more than once', async () => {
    const parameters = named({ 1: { stringValue: 'a' }, x: { stringValue: 'b' } });
    expect(await select(':1 || :x || :1', parameters)).toEqual(['aba']);
  });

  it('used twice is bound twice: PostgreSQL cannot know the two as one', async () => {
    const call = select(
      'date_trunc(:unit, at) from (values (now())) as t (at) group by date_trunc(:unit, at)',
      named({ unit: { stringValue: 'day' } }),
    );
    expect((await failure(call)).message).toMatch(/; SQLState: 42803$/);
  });

  it('is found in code alone', async () => {
    const parameters = named({ x: { stringValue: 'a' } });
    const sql = `':x' || E'\\':x' || :x::text as ":x" /* :x /* */ */ -- :x`;
    expect(await select(sql, parameters)).toEqual([":x':xa"]);
  });

  it('with a number beyond 2^53 has lost its last digits', async () => {
    const parameters = named({ x: { longValue: Number('9007199254740993') } });
    expect(await select(':x::text', parameters)).toEqual(['9007199254740992']);
  });
});

describe('a call is refused', () => {
  const text = { stringValue: 'x' };
  it.each<[string, string, SqlParameter[], RegExp]>([
    ['without a parameter it names', 'select :x', [], /Cannot find parameter: x/],
    ['with an array', 'select :x', named({ x: { arrayValue: { longValues: [1] } } }), /[Aa]rray/],
    ['with an empty value', 'select :x', [{ name: 'x' }], /x/],
    ['with a date that is none', 'select :x', named({ x: text }, 'DATE'), /./],
    ['with a decimal that is none', 'select :x', named({ x: text }, 'DECIMAL'), /./],
    ['with a time that is none', 'select :x', named({ x: text }, 'TIME'), /./],
    ['with a uuid that is none', 'select :x', named({ x: text }, 'UUID'), /./],
    [
      'with a timestamp as ISO 8601 writes it',
      'select :x',
      named({ x: { stringValue: '2026-09-17T17:08:20Z' } }, 'TIMESTAMP'),
      /./,
    ],
  ])('%s', async (_reason, sql, parameters, message) => {
    expect((await failure(endpoint.run(sql, { parameters }))).message).toMatch(message);
  });

  it.skipIf(onAws).each<[string, string, SqlParameter[], RegExp]>([
    ['with a parameter it does not name', 'select 1', named({ x: text }), /Unused parameter: x/],
    [
      'with a parameter given twice',
      'select :x',
      [...named({ x: text }), ...named({ x: text })],
      /Duplicate parameter: x/,
    ],
    [
      'with a hint beside a number',
      'select :x',
      named({ x: { longValue: 1 } }, 'UUID'),
      /stringValue/,
    ],
    // The real service replaces it there, silently.
    [
      'with a placeholder in dollar quotes',
      'select $$ :x $$',
      named({ x: text }),
      /:x in a dollar-quoted/,
    ],
  ])('%s (stricter than the service is known to be)', async (_reason, sql, parameters, message) => {
    expect(await failure(endpoint.run(sql, { parameters }))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });
});

describe('a batch', () => {
  const batch = (sql: string, values: number[]) =>
    endpoint.client.send(
      new BatchExecuteStatementCommand({
        ...target,
        sql,
        parameterSets: values.map((n) => named({ n: { longValue: n } })),
      }),
    );

  it('runs once for each set, all or nothing', async () => {
    await endpoint.run('create table conformance_batch (n int primary key)');
    const insert = 'insert into conformance_batch values (:n)';
    const { updateResults } = await batch(insert, [1, 2, 3]);
    const broken = await failure(batch(insert, [4, 5, 1]));
    const { records } = await endpoint.run('select count(*), max(n) from conformance_batch');
    await endpoint.run('drop table conformance_batch');
    expect(updateResults?.map(({ generatedFields }) => generatedFields)).toEqual([[], [], []]);
    expect(broken.message).toMatch(/; SQLState: 23505$/);
    expect(records).toEqual([[{ longValue: 3 }, { longValue: 3 }]]);
  });
});
