import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../core/hooks/findings.ts';
import { readLenientJson } from '../../core/hooks/lenient-json.ts';

function read(text: string) {
  const findings = findingsOf();
  const value = readLenientJson(text, findings);
  return { value, codes: findings.list().map(({ code }) => code), first: findings.list()[0] };
}

describe('what a hook reads as JSON', () => {
  test('is what JSON.parse reads, where nothing is odd', () => {
    const plain = fc
      .json({ stringUnit: 'grapheme', maxDepth: 6 })
      .filter((text) => !/__proto__|\\u0000|\d{16}|e[+-]?\d/.test(text));
    fc.assert(
      fc.property(plain, fc.constantFrom('', ' ', '\n\t'), (text, blank) => {
        const { value, codes } = read(blank + text + blank);
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
        expect(codes).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('is refused where JSON.parse refuses it, and only there', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('"', '{', ']', '\\', ':', ','));
    fc.assert(
      fc.property(broken, ([text, place, character]) => {
        const at = place % (text.length + 1);
        const cut = text.slice(0, at) + character + text.slice(at);
        const refused = (parse: (text: string) => unknown) => {
          try {
            parse(cut);
            return false;
          } catch (error) {
            return error instanceof SyntaxError;
          }
        };
        expect(refused(read)).toBe(refused(JSON.parse));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1e400', '1e400'],
    ['-1e-400', '-1e-400'],
    ['1.00000000000000001', '1.00000000000000001'],
    ['1e300', '1e300'],
  ])('the number %s keeps its digits, as text', (text, value) => {
    expect(read(text)).toMatchObject({ value, codes: ['number_kept_as_text'] });
  });

  test.each([
    ['0', 0],
    ['-1.50', -1.5],
    ['123456789012345', 123_456_789_012_345],
    ['0.000001', 0.000001],
    ['1E2', 100],
  ])('the number %s is one', (text, value) => {
    expect(read(text)).toMatchObject({ value, codes: [] });
  });

  test('a field that stands twice is kept twice', () => {
    const { value, codes, first } = read('{"a":1,"a (2)":2,"a":3,"\\u0061":4}');
    expect(value).toEqual({ a: 1, 'a (2)': 2, 'a (3)': 3, 'a (4)': 4 });
    expect(codes).toEqual(['repeated_field', 'repeated_field']);
    expect(first?.at).toBe('/a');
  });

  test('a field may be named __proto__, and is no prototype', () => {
    const { value } = read('{"__proto__":{"email":"x"},"constructor":1}');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"email":"x"},"constructor":1}');
    expect((value as { email?: string }).email).toBeUndefined();
  });

  test('U+0000 and halves of characters are replaced, in names too', () => {
    const { value, codes } = read('{"a\\u0000":"\\ud800x","b":"\\ud83d\\ude00"}');
    expect(value).toEqual({ 'a\uFFFD': '\uFFFDx', b: '😀' });
    expect(codes).toEqual(['unstorable_character', 'unstorable_character']);
  });

  test('deep nesting is kept as text, however deep', () => {
    const deep = `${'['.repeat(16_000)}"]"${']'.repeat(16_000)}`;
    let { value, codes } = read(deep);
    for (let level = 0; level < 30; level++) [value] = value as unknown[];
    expect(value).toBe(deep.slice(30, -30));
    expect(codes).toEqual(['kept_as_text']);
    ({ value, codes } = read(`${'['.repeat(30)}1${']'.repeat(30)}`));
    expect(codes).toEqual([]);
  });
});
