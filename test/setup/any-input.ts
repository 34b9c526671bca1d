import fc from 'fast-check';

/** What every normalisation, escape and column has its trouble with; no U+0000. */
const oddCharacters = fc.constantFrom(
  ...['"', '\\', '\b', '\f', '\n', '\r', '\t', '\u0001', '\u001f', '\u007f', '\u0085', '\u00a0'],
  ...[
    '\u2028',
    '\u3000',
    '\ufeff',
    '\ufffd',
    '\uffff',
    'İ',
    'ſ',
    'K',
    'ß',
    'Σ',
    'ς',
    'é',
    'e\u0301',
  ],
  ...[
    ' ',
    '  ',
    "'",
    '%',
    '_',
    '=',
    '+',
    '@',
    '-',
    '＝',
    ',',
    ';',
    '<',
    '&',
    '😀',
    '👩‍👩‍👧',
    '\u202e',
  ],
);

/** Text that can be stored. */
export const anyText = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength }),
      fc.string({ unit: 'binary', maxLength }),
      fc.string({ unit: oddCharacters, maxLength }),
      fc.string({ unit: fc.oneof(oddCharacters, fc.string({ maxLength: 2 })), maxLength }),
    )
    .map((text) => text.replaceAll('\0', '').slice(0, maxLength).toWellFormed());

const anyKey = fc.oneof(
  anyText(6),
  fc.constantFrom('constructor', 'toString', 'toJSON', 'hasOwnProperty', 'length', '', '0', '/~'),
);

/** Any JSON that can be stored, beside integers beyond 2^53. */
export const anyJson = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.oneof(anyText(8), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
    fc.constantFrom(null, true, false, -0, 1e-7, -1.5e-7, 5e-324, 0.1, 123456.789, '', 2 ** 53 - 1),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('json'), { maxKeys: 4 }),
  ),
})).json;

/** Any JSON object whose numbers can be kept exactly. */
export const anyObject = fc
  .dictionary(anyKey, anyJson, { maxKeys: 5 })
  .filter((value) => !/"__proto__":/.test(JSON.stringify(value)) && isExact(value));

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isExact);
}
