import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../core/http/json.ts';

describe('a JSON body', () => {
  test('that PostgreSQL can keep comes through as JSON.parse has it', () => {
    const kept = fc
      .json({ stringUnit: 'grapheme', maxDepth: 6 })
      .filter((text) => !text.includes('__proto__') && !/\d{16}|e\+\d\d/.test(text));
    fc.assert(
      fc.property(kept, (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('with the same key in two objects, or as a value, says no field twice', () => {
    const text = '{"a":{"a":["a","a",{"a":"\\"a\\":"}]},"b":"a"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('however it is broken, is refused and never breaks us', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('"', '{', ']', '\\', ':', ','));
    fc.assert(
      fc.property(broken, ([text, place, character]) => {
        const at = place % (text.length + 1);
        const cut = text.slice(0, at) + character + text.slice(at);
        try {
          parseJson(cut);
        } catch (error) {
          expect((error as Error).name).toBe('Problem');
        }
      }),
      { numRuns: 500 },
    );
  });
});
