import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueIn } from '../../transfer/cells.ts';
import { kindNamed } from '../../transfer/kinds.ts';
import { itemOf, mappingOf } from '../../transfer/mapping.ts';
import { columnsLeftOut } from '../../transfer/summary.ts';
import { timeReader } from '../../transfer/times.ts';

const times = timeReader({ timezone: 'UTC', dates: undefined });
const map = (kind: string, header: string[], maps: string[] = [], sets: string[] = []) =>
  mappingOf(kindNamed(kind), { header, maps, sets });
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

  test('columns that are called alike may be left out', () => {
    expect(() => map('leads', ['email', 'email', 'source'], ['email='])).not.toThrow();
  });
});

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
        const name = (row: typeof one) => id(row, ['city=property_city'], ['source=x']);
        expect(name(one) === name(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('keeps the name it has, be it an id or a skill’s name', () => {
    expect(id({ source: 'x', external_id: '7' })).toBe('7');
    expect(item('leads', { source: 'x', id: 'u' })).toEqual({ source: 'x', id: 'u' });
    expect(item('skills', { name: 'x' })).toEqual({ name: 'x' });
  });
});

describe('cells', () => {
  test.each([
    ['1234.5', '1234.5'],
    ['$1,234.50', '1234.50'],
    ['1.234,50 €', '1234.50'],
    ['R$ 1.234.567,8', '1234567.8'],
    ['USD 450,000', '450000'],
    ['1 234,50', '1234.50'],
    ['1\u202f234\u00a0CHF', '1234'],
    ['1’234’567.00', '1234567.00'],
    ['12,5', '12.5'],
    ['1.234.567', '1234567'],
    // One way of several, or no amount: for the API to refuse.
    ['1.234', '1.234'],
    ['0,333', '0,333'],
    ['1,23,456', '1,23,456'],
    ['1,234.567,8', '1,234.567,8'],
    ['-5', '-5'],
    ['(5.00)', '(5.00)'],
    ['five', 'five'],
    ['1e5', '1e5'],
  ])('the amount %s is %s', (text, amount) => {
    expect(valueIn(text, 'money', times)).toBe(amount);
  });

  test('an amount is the same amount in any way of writing it', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999_999), fc.nat(99), (units, cents) => {
        const plain = `${units}.${String(cents).padStart(2, '0')}`;
        for (const locale of ['en-US', 'de-DE', 'de-CH', 'fr-FR', 'pt-BR']) {
          for (const style of ['decimal', 'currency'] as const) {
            const written = new Intl.NumberFormat(locale, {
              style,
              currency: 'EUR',
              minimumFractionDigits: 2,
            }).format(plain as never);
            expect(valueIn(written, 'money', times)).toBe(plain);
          }
        }
      }),
    );
  });

  test.each([
    ['TRUE', true],
    [' yes ', true],
    ['t', true],
    ['1', true],
    ['No', false],
    ['f', false],
    ['0', false],
    ['perhaps', 'perhaps'],
  ])('%s is %s', (text, value) => {
    expect(valueIn(text, 'boolean', times)).toBe(value);
  });

  test('text is kept as it is, but for the apostrophe that kept it from being a formula', () => {
    expect(valueIn(' x ', 'text', times)).toBe(' x ');
    expect(valueIn("'+1 415 555 0132", 'text', times)).toBe('+1 415 555 0132');
    expect(valueIn("'t Hooft", 'text', times)).toBe("'t Hooft");
  });

  test('JSON has to be JSON, and no deeper than a body may be', () => {
    expect(valueIn('{"a":[1]}', 'json', times)).toEqual({ a: [1] });
    expect(() => valueIn('{a:1}', 'json', times)).toThrow(/is not JSON/);
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(() => valueIn(deep(31), 'json', times)).not.toThrow();
    expect(() => valueIn(deep(32), 'json', times)).toThrow(/nested more than 31/);
    expect(() => valueIn(deep(20_000), 'json', times)).toThrow(/nested more than 31/);
  });
});
