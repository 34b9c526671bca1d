import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../core/hooks/path.ts';
import { readAmount, readMoment, readName, readYesOrNo } from '../../core/hooks/values.ts';

describe('an amount', () => {
  test.each([
    ['450000', '450000'],
    ['$450,000', '450000'],
    ['$ 450,000.50', '450000.50'],
    ['US$ 450,000', '450000'],
    ['450000 USD', '450000'],
    ['USD 1,250,000', '1250000'],
    ['450k', '450000'],
    ['$1.25M', '1250000'],
    ['1.2 million', '1200000'],
    ['0.5m', '500000'],
    ['450.000,00 €', '450000.00'],
    ['1.250.000', '1250000'],
    ["1'250'000", '1250000'],
    ['450 000', '450000'],
  ])('%s is read', (text, amount) => expect(readAmount(text)).toBe(amount));

  test.each([
    '$400,000 - $500,000',
    'between 400 and 500k',
    '450.000',
    '450,00',
    '45,0000',
    '-5',
    '1e6',
    'NaN',
    '$',
    '12345678901234',
    'about 450000',
    '450k5',
  ])('%s is not: it could be another', (text) => expect(readAmount(text)).toBeUndefined());

  test('as any team writes it down comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (amount) => {
        const written = `$${amount.toLocaleString('en-US')}`;
        expect(readAmount(written)).toBe(String(amount));
      }),
    );
  });
});

describe('a time', () => {
  const now = '2026-03-02T15:00:00.000Z';

  test.each([
    ['2026-03-02T14:05:31+0000', '2026-03-02T14:05:31+00:00'],
    ['2026-03-02 14:05:31+02:00', '2026-03-02T14:05:31+02:00'],
    ['1772460331', '2026-03-02T14:05:31.000Z'],
    ['1772460331512', '2026-03-02T14:05:31.512Z'],
    ['2026-03-02T15:04:59Z', '2026-03-02T15:04:59Z'],
  ])('%s is read', (text, moment) => expect(readMoment(text, now)).toBe(moment));

  test.each([
    '2026-03-02T14:05:31',
    '2026-02-30T10:00:00Z',
    '03/02/2026',
    'today',
    '2026-03-02',
    '2026-03-02T15:05:01Z',
    '+275760-09-13T00:00:00Z',
    '1772470000',
  ])('%s is not', (text) => expect(readMoment(text, now)).toBeUndefined());
});

test('a name is one person, whichever part stands first', () => {
  expect(readName('Ada Maria Lund')).toEqual({ first_name: 'Ada', last_name: 'Maria Lund' });
  expect(readName('Lund,  Ada Maria')).toEqual({ first_name: 'Ada Maria', last_name: 'Lund' });
  expect(readName('Ada')).toEqual({ first_name: 'Ada' });
});

test('yes and no are read as forms say them, and nothing else is', () => {
  expect(['true', '1', 'Yes', 'on'].map(readYesOrNo)).toEqual([true, true, true, true]);
  expect(['false', '0', 'no', 'OFF'].map(readYesOrNo)).toEqual([false, false, false, false]);
  expect(readYesOrNo('maybe')).toBeUndefined();
});

describe('a path', () => {
  const submission = {
    'First Name': 'Ada',
    'a/b': { 'm~n': 1 },
    list: [
      { name: 'email', values: ['a@example.com'] },
      { name: 'Phone Number', values: ['5'] },
    ],
    answers: [{ field: { ref: 'x=y' }, text: 'deep' }],
  };

  test.each([
    ['/First Name', 'Ada'],
    ['/first_name', 'Ada'],
    ['/firstName', 'Ada'],
    ['/a~1b/m~0n', 1],
    ['/list/1/name', 'Phone Number'],
    ['/list/name=email/values/0', 'a@example.com'],
    ['/list/name=phone_number/values/0', '5'],
    ['/answers/field.ref=x=y/text', 'deep'],
    ['/list/name=none/values', undefined],
    ['/First Name/length', undefined],
    ['/toString', undefined],
  ])('%s leads to what stands there', (path, value) => {
    expect(valueAt(submission, path)).toEqual(value);
  });
});
