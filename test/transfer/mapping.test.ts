import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindNamed } from '../../transfer/kinds.ts';
import { isPassedOver, itemOf, mappingOf } from '../../transfer/mapping.ts';
import { columnsLeftOut } from '../../transfer/summary.ts';
import { timeReader } from '../../transfer/times.ts';

const times = timeReader({ timezone: 'UTC', dates: undefined });
const map = (kind: string, header: string[], maps: string[] = [], sets: string[] = []) =>
  mappingOf(kindNamed(kind), { header, maps, sets, skips: [] });
const item = (kind: string, table: Record<string, string>, maps?: string[], sets?: string[]) =>
  itemOf(map(kind, Object.keys(table), maps, sets), Object.values(table), times);

describe('columns become fields', () => {
  test('by their own name, or by the one they are given', () => {
    const row = { mail: 'a@b.de', source: 'zillow', nonsense: '1', created_at: '2018-02-26' };
    expect(item('leads', { ...row, external_id: '7' }, ['mail=email'])).toEqual({
      email: 'a@b.de',
      source: 'zillow',
      created_at: '2018-02-26T00:00:00+00:00',
      external_id: '7',
    });
    const header = Object.keys(row);
    expect(columnsLeftOut(header, map('leads', header, ['mail=email']))).toEqual([
      'Left out: nonsense.',
    ]);
  });

  test('one column feeds several; what is said beats the name a column happens to have', () => {
    expect(
      item(
        'agents',
        { rep: 'r1', first_name: 'no', team: 'east', active: '' },
        ['rep=external_id', 'rep=first_name', 'team='],
        ['last_name=-', 'active=no'],
      ),
    ).toEqual({ external_id: 'r1', first_name: 'r1', last_name: '-', active: false });
  });

  test('parts of a field that is JSON have a name after a dot', () => {
    expect(
      item('leads', { page: '7', raw: '{"a":{"b":1}}', source: 'x', external_id: '1' }, [
        'page=raw_data.landing page',
        'raw=raw_data',
        'page=raw_data.__proto__',
      ]).raw_data,
    ).toEqual(
      Object.fromEntries([
        ['__proto__', '7'],
        ['a', { b: 1 }],
        ['landing page', '7'],
      ]),
    );
  });

  test('a column may have an equals sign in its name', () => {
    expect(item('leads', { 'a=b': 'x', external_id: '1' }, ['a=b=source']).source).toBe('x');
  });

  test('an empty cell is absent, but a blank source is a source', () => {
    expect(item('leads', { source: '', email: '', external_id: '1' })).toEqual({
      source: '',
      external_id: '1',
    });
  });
});

describe('a time that has a column', () => {
  test('is never made up where its cell is empty', () => {
    const maps = ['Won=created_at', 'Lead=external_id'];
    for (const cell of ['', ' ', '\t']) {
      expect(() => item('leads', { Lead: '1', Won: cell, source: 'x' }, maps)).toThrow(
        '"created_at" is empty: pass such rows over with --skip-empty "Won", or fill it in.',
      );
      expect(() => item('leads', { created_at: cell, source: 'x' })).toThrow(/--skip-empty "cre/);
    }
  });

  test('is the moment of the import where no column is one', () => {
    expect(item('leads', { external_id: '1', source: 'x' })).toEqual({
      external_id: '1',
      source: 'x',
    });
  });
});

test('rows are passed over where a column that says so has nothing in it', () => {
  const header = ['source', 'won', 'lost'];
  const mapping = (...skips: string[]) =>
    mappingOf(kindNamed('leads'), { header, maps: [], sets: [], skips });
  expect(isPassedOver(mapping('won'), ['', '1', ''])).toBe(false);
  expect(isPassedOver(mapping('won'), ['x', ' ', '1'])).toBe(true);
  expect(isPassedOver(mapping('won', 'lost'), ['x', '1', ''])).toBe(true);
  expect(isPassedOver(mapping(), ['', '', ''])).toBe(false);
  expect(() => mapping('win')).toThrow(
    new Error('There is no column "win". The columns: source, won, lost.'),
  );
});

describe('a mapping that cannot be is told in one sentence', () => {
  test.each<[string, string[], string[], string[], string]>([
    ['leads', ['a', 'b'], ['c=source'], [], 'There is no column "c". The columns: a, b.'],
    [
      'leads',
      ['a', 'a'],
      ['a=source'],
      [],
      'The column "a" is there twice: rename one in the file, or leave both out with --map "a=".',
    ],
    [
      'skills',
      ['a'],
      ['a=title'],
      [],
      'There is no field "title" in skills. The fields: name, description, skill_type, status, ' +
        'config, spawned_reason, spawned_by, id, config.NAME.',
    ],
    ['leads', ['a', 'b'], ['a=source', 'b=source'], [], 'The field "source" is given twice.'],
    ['leads', ['a'], ['a=source'], ['source=x'], 'The field "source" is given twice.'],
    ['leads', ['a'], ['a'], [], '"a" is not of the form --map "column=field".'],
    ['leads', ['a'], [], ['=x'], '"=x" is not of the form --set field=value.'],
    [
      'leads',
      ['a'],
      [],
      [],
      'Of leads the import needs "source": say --map "column=source" or --set source=value.',
    ],
    [
      'events',
      ['event_type', 'event_source'],
      [],
      [],
      'Of events the import needs "lead_id" or "lead_external_id": say --map "column=lead_id" or ' +
        '--set lead_id=value.',
    ],
  ])('%s of %j with %j and %j', (kind, header, maps, sets, sentence) => {
    expect(() => map(kind, header, maps, sets)).toThrow(new Error(sentence));
  });

  test.each([
    [['id;name;Address', ' full;phone'], ';'],
    [['id~name'], undefined],
  ])('no column of %j goes anywhere', (header, likelier) => {
    const wanted = { header, maps: [], skips: [], likelier };
    const perhaps = likelier ? ' Another delimiter makes more: --delimiter ";".' : '';
    const columns = `The columns: ${header.join(', ')}.${perhaps}`;
    const sentence = (more: object) => () =>
      mappingOf(kindNamed('leads'), { ...wanted, sets: [], ...more });
    expect(sentence({ sets: ['source=x'] })).toThrow(
      new Error(`No column of the file goes anywhere: say --map "column=field". ${columns}`),
    );
    expect(sentence({ maps: ['name=source'] })).toThrow(
      new Error(`There is no column "name". ${columns}`),
    );
    expect(sentence({})).toThrow(new RegExp(`say --map "column=source" or --set .*${perhaps}$`));
  });

  test('columns that are called alike may be left out', () => {
    expect(() => map('leads', ['email', 'email', 'source'], ['email='])).not.toThrow();
  });
});

test('a row that says nothing is no row, whatever is set for all', () => {
  const nothing = /The row says nothing/;
  expect(() => item('leads', { email: '', notes: ' ' }, [], ['source=x'])).toThrow(nothing);
  expect(() => item('leads', { email: '', source: '' })).toThrow(nothing);
  expect(item('leads', { email: '', notes: '-' }, [], ['source=x']).notes).toBe('-');
});

const scored = ['event_type=scored', 'event_source=import'];

describe('a row without a name of its own', () => {
  const id = (table: Record<string, string>, maps?: string[], sets?: string[]) =>
    item('leads', table, maps, sets).external_id;

  test('is called by what it says, wherever it stands in the file', () => {
    const known = id({ source: 'zillow', email: 'a@b.de', notes: '' });
    expect(known).toMatch(/^row:[0-9a-f]{32}$/);
    expect(id({ other: 'x', email: 'a@b.de', source: 'zillow' })).toBe(known);
    expect(id({ mail: 'a@b.de' }, ['mail=email'], ['source=zillow'])).toBe(known);
    expect(id({ source: 'zillow', email: 'a@b.com' })).not.toBe(known);
  });

  test('is never called as one that says something else', () => {
    const cells = fc.record({ first_name: fc.string(), last_name: fc.string(), city: fc.string() });
    fc.assert(
      fc.property(cells, cells, (one, other) => {
        const name = (row: typeof one) =>
          id({ ...row, email: 'a@b.de' }, ['city=property_city'], ['source=x']);
        expect(name(one) === name(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('is told how the name of another tool goes in', () => {
    expect(() => item('leads', { source: 'x', id: '17' })).toThrow(
      '"id" must be a UUID: what another tool calls a row goes in with --map "id=external_id".',
    );
    expect(() => item('events', { Nr: '17', lead_id: 'x' }, ['Nr=id'], scored)).toThrow(
      /--map "Nr=external_id"/,
    );
    // Skills have no name but their own.
    expect(item('skills', { name: 'x', id: '17' })).toEqual({ name: 'x', id: '17' });
  });

  test('keeps the name it has, be it an id or a skill’s name', () => {
    expect(id({ source: 'x', external_id: '7' })).toBe('7');
    const uuid = '0B9E3F5E-59ad-4a4f-8b3c-9a1d2c3e4f50';
    expect(item('leads', { source: 'x', id: uuid })).toEqual({ source: 'x', id: uuid });
    expect(item('skills', { name: 'x' })).toEqual({ name: 'x' });
  });
});
