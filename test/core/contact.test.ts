import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseEmail, normalisePhone } from '../../core/leads/contact.ts';
import { normaliseSource } from '../../core/leads/fields.ts';
import { anyText } from '../setup/any-input.ts';

describe('an e-mail address, as it is matched', () => {
  test('is the same however it is spaced and capitalised', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.constantFrom('', ' ', '\t', '\u00a0'), (address, space) => {
        const known = normaliseEmail(address);
        expect(known).toBe(address.toLowerCase());
        expect(normaliseEmail(`${space}${address.toUpperCase()}${space}`)).toBe(known);
      }),
    );
  });

  test('of any text is itself again, or none', () => {
    const nearly = fc
      .tuple(anyText(8), fc.constantFrom('', '@', '@@'), anyText(8))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(nearly, (text) => {
        const known = normaliseEmail(text);
        if (known === null) expect(text).not.toMatch(/^[a-z]+@[a-z]+$/i);
        else expect([normaliseEmail(known), known.split('@').length]).toEqual([known, 2]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a phone number, as it is matched', () => {
  const between = fc.constantFrom('', ' ', '-', '.', ' - ', '\u00a0');

  test('is the same however it is written', () => {
    const number = fc.integer({ min: 2_000_000, max: 9_999_999 }).map(String);
    fc.assert(
      fc.property(number, between, between, (local, first, second) => {
        const [exchange, line] = [local.slice(0, 3), local.slice(3)];
        const known = `+1212${local}`;
        const ways = [
          `212${first}${exchange}${second}${line}`,
          `(212)${first}${exchange}${second}${line}`,
          `1${first}212${second}${exchange}${first}${line}`,
          `+1${first}212${second}${exchange}${first}${line}`,
        ];
        for (const way of ways) expect(normalisePhone(way, 'US'), way).toBe(known);
      }),
    );
  });

  test('of any text is E.164 and itself again, or none', () => {
    const nearly = fc.oneof(anyText(50), fc.stringMatching(/^[+0-9 ().x;-]{1,50}$/));
    fc.assert(
      fc.property(nearly, fc.constantFrom('US', 'DE', 'BR', 'GB'), (text, country) => {
        const known = normalisePhone(text, country);
        if (known === null) return;
        expect(known).toMatch(/^\+[1-9]\d{1,16}$/);
        expect(normalisePhone(known, 'US')).toBe(known);
        expect(normalisePhone(known, 'DE')).toBe(known);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a source, normalised, is normalised', () => {
  fc.assert(
    fc.property(anyText(100), (text) => {
      const known = normaliseSource(text);
      expect(normaliseSource(known)).toBe(known);
      expect(normaliseSource(` ${known}\t`)).toBe(known);
    }),
    { numRuns: 2_000 },
  );
});
