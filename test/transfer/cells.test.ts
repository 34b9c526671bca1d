import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueIn } from '../../transfer/cells.ts';
import { timeReader } from '../../transfer/times.ts';

const times = timeReader({ timezone: 'UTC', dates: undefined });

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
