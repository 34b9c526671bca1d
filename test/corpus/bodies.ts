import { gzipSync } from 'node:zlib';

/** A body of `POST /v1/leads` by name, with the status it has to be answered with. */
type Entry = readonly [name: string, status: number, body: string | Uint8Array];

const lead = '{"source":"x"}';
const raw = (json: string) => `{"source":"x","raw_data":${json}}`;
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))),
  );
const padded = (size: number) => lead + ' '.repeat(size - lead.length);

/** What is no JSON, or no UTF-8. */
const noJson: Entry[] = [
  ['nothing', 400, ''],
  ['white space', 400, ' \n\t\r'],
  ['a byte order mark alone', 400, '\ufeff'],
  ['a byte order mark before JSON', 201, `\ufeff${lead}`],
  ['two byte order marks', 400, `\ufeff\ufeff${lead}`],
  ['UTF-16', 400, Buffer.from(`\ufeff${lead}`, 'utf16le')],
  ['Latin-1', 400, Buffer.from('{"source":"café"}', 'latin1')],
  ['an overlong slash', 400, bytes('{"source":"', 0xc0, 0xaf, '"}')],
  ['an overlong NUL', 400, bytes('{"source":"', 0xc0, 0x80, '"}')],
  ['a surrogate in UTF-8', 400, bytes('{"source":"', 0xed, 0xa0, 0xbd, '"}')],
  ['beyond the last character', 400, bytes('{"source":"', 0xf4, 0x90, 0x80, 0x80, '"}')],
  ['half a character at the end', 400, bytes(lead, 0xe2, 0x82)],
  ['a raw NUL in a text', 400, bytes('{"source":"', 0, '"}')],
  ['a raw NUL after the end', 400, bytes(lead, 0)],
  ['a raw tab in a text', 400, '{"source":"\t"}'],
  ['compressed', 400, gzipSync(lead)],
  ['NaN', 400, raw('{"n":NaN}')],
  ['Infinity', 400, raw('{"n":Infinity}')],
  ['-Infinity', 400, raw('{"n":-Infinity}')],
  ['undefined', 400, raw('undefined')],
  ['a hexadecimal number', 400, raw('{"n":0x10}')],
  ['a number with a leading zero', 400, raw('{"n":01}')],
  ['a number with a leading plus', 400, raw('{"n":+1}')],
  ['a number without its whole part', 400, raw('{"n":.5}')],
  ['a number without its fraction', 400, raw('{"n":1.}')],
  ['a trailing comma', 400, '{"source":"x",}'],
  ['a comment', 400, `/* */${lead}`],
  ['single quotes', 400, "{'source':'x'}"],
  ['a name without quotes', 400, '{source:"x"}'],
  ['an unknown escape', 400, '{"source":"\\x41"}'],
  ['half an escape', 400, '{"source":"\\u00"}'],
  ['two documents', 400, lead + lead],
  ['one more brace', 400, `${lead}}`],
  ['a query string', 400, 'source=x'],
  ['XML', 400, '<?xml version="1.0"?><source>x</source>'],
];

/** However short it was cut. */
const truncated: Entry[] = Array.from({ length: 39 }, (_, length) => [
  `cut after ${length} characters`,
  400,
  '{"source":"x","raw_data":{"a":[1,"é"]}}'.slice(0, length),
]);

const deep: Entry[] = [
  ['32 levels', 201, raw(`${'{"a":'.repeat(30)}[]${'}'.repeat(30)}`)],
  ['33 levels', 400, raw(`${'{"a":'.repeat(31)}[]${'}'.repeat(31)}`)],
  ['100,000 opening brackets', 400, '['.repeat(100_000)],
  ['100,000 closing brackets', 400, ']'.repeat(100_000)],
  ['40,000 nested objects', 400, '{"a":'.repeat(40_000)],
  ['100,000 nested lists in raw_data', 400, raw('['.repeat(1e5) + ']'.repeat(1e5))],
  ['brackets inside a text', 422, raw(`{"a":"${'['.repeat(100_000)}"}`)],
];

const numbers: Entry[] = [
  ['1e400', 422, raw('{"n":1e400}')],
  ['-1e400, deep', 422, raw('{"n":[[-1e400]]}')],
  ['1e400 as an amount', 422, '{"source":"x","estimated_value":1e400}'],
  ['-0', 201, raw('{"n":-0}')],
  ['-0 as an amount', 201, '{"source":"x","estimated_value":-0}'],
  ['2^53 - 1', 201, raw('{"n":9007199254740991}')],
  ['2^53 + 1', 422, raw('{"n":9007199254740993}')],
  ['2^53 + 1 with a fraction', 422, raw('{"n":9007199254740993.5}')],
  ['-2^63', 422, raw('{"n":-9223372036854775808}')],
  ['1e22', 422, raw('{"n":1e22}')],
  ['100,000 digits', 422, raw(`{"n":${'9'.repeat(100_000)}}`)],
  ['100,000 decimals', 201, raw(`{"n":0.${'3'.repeat(100_000)}}`)],
  ['an exponent of 100,000 digits', 422, raw(`{"n":1e${'9'.repeat(100_000)}}`)],
  ['5e-324', 201, raw('{"n":5e-324}')],
  ['200 numbers that print 300 digits each', 422, raw(`{"n":[${'1e-300,'.repeat(200)}0]}`)],
];

const names: Entry[] = [
  ['__proto__', 422, '{"source":"x","__proto__":{"is_test":true}}'],
  ['__proto__, escaped', 422, '{"source":"x","__pr\\u006fto__":1}'],
  ['__proto__ in raw_data', 422, raw('{"a":[{"__proto__":null}]}')],
  ['constructor', 422, '{"source":"x","constructor":{"prototype":{"is_test":true}}}'],
  ['toString', 422, '{"source":"x","toString":"y"}'],
  ['every name of Object in raw_data', 201, raw('{"constructor":1,"toString":2,"valueOf":{}}')],
  ['toJSON in raw_data', 201, raw('{"toJSON":"x","length":-1,"then":null}')],
  ['an empty name in raw_data', 201, raw('{"":{"":[{"":0}]}}')],
  ['another case', 422, '{"Source":"x"}'],
  ['the same name twice', 400, '{"source":"x","source":"x"}'],
  ['the same name twice, escaped', 400, '{"source":"x","\\u0073ource":"y"}'],
  ['the same name twice, deep', 400, raw('[{"a":{"é":1,"\\u00e9":2}}]')],
  ['the same name twice, __proto__', 400, raw('{"__proto__":1,"__proto__":2}')],
  ['the same name in two forms of Unicode', 201, raw('{"\\u00e9":1,"e\\u0301":2}')],
  ['a name of 200 KB', 422, `{"source":"x","${'n'.repeat(200_000)}":1}`],
  ['a name of 200 KB twice', 400, `{"${'n'.repeat(120_000)}":1,"${'n'.repeat(120_000)}":1}`],
  ['20,000 unknown names', 422, `{${Array.from({ length: 20_000 }, (_, n) => `"${n}":1`)}}`],
  [
    '10,000 bad texts below a name of 100 KB',
    422,
    raw(`{"${'~'.repeat(100_000)}":[${'"\\u0000",'.repeat(10_000)}0]}`),
  ],
  ['U+0000 in a name', 422, raw('{"a\\u0000":1}')],
  ['half a character in a name', 422, '{"source":"x","\\ud83d":1}'],
];

const texts: Entry[] = [
  ['U+0000', 422, '{"source":"x","notes":"\\u0000"}'],
  ['U+0000 beside the source', 422, '{"source":"\\u0000"}'],
  ['half a character', 422, '{"source":"x","notes":"\\udc00\\ud800"}'],
  ['half a character, deep', 422, raw('{"a":[{"b":"\\udfff"}]}')],
  ['a whole character, escaped', 201, '{"source":"x","notes":"\\ud83d\\ude00"}'],
  ['U+FFFF and U+FFFE', 201, '{"source":"x","notes":"\\uffff\\ufffe"}'],
  ['200 KB of notes', 422, `{"source":"x","notes":"${'n'.repeat(200_000)}"}`],
  ['200 KB of a time', 422, `{"source":"x","created_at":"${'2'.repeat(200_000)}"}`],
  ['200 KB of an amount', 422, `{"source":"x","estimated_value":"${'2'.repeat(200_000)}"}`],
  ['200 KB of an id', 422, `{"source":"x","agent_id":"${'a'.repeat(200_000)}"}`],
];

const times: Entry[] = [
  ...['+275760-01-01T00:00:00Z', '275760-01-01T00:00:00Z', '2200-01-01T00:00:00Z', '', 'now'],
  ...['1899-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', 'infinity'],
  ...['2023-02-29T00:00:00Z', '2024-13-01T00:00:00Z', '2024-01-01T24:00:00Z', '2024-01-01'],
  ...['2016-12-31T23:59:60Z', '2024-01-01T00:00:00+24:00', '2024-01-01T00:00:00+16:00'],
  ...[
    '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00Z BC',
    '2199-01-01T00:00:00Z',
  ],
].map((time): Entry => [`the time "${time}"`, 422, `{"source":"x","created_at":"${time}"}`]);

const forms: Entry[] = [
  ...['[]', '[{"source":"x"}]', 'null', 'true', '0', '-0', '"x"', '1e400', '{}', '{"items":[]}'],
].map((form): Entry => [`the body ${form}`, 422, form]);

const sizes: Entry[] = [
  ['256 KB', 201, padded(256 * 1024)],
  ['256 KB and a byte', 413, padded(256 * 1024 + 1)],
  ['2 MB', 413, padded(2_000_000)],
];

/** Bodies that someone sends one day, by mistake or on purpose. */
export const bodies: readonly Entry[] = [
  ...noJson,
  ...truncated,
  ...deep,
  ...numbers,
  ...names,
  ...texts,
  ...times,
  ...forms,
  ...sizes,
];

/** Content types by the status of a good lead under them; undefined: none is sent. */
export const contentTypes: readonly (readonly [string | undefined, number])[] = [
  ['application/json', 201],
  ['Application/JSON; Charset=UTF-8', 201],
  ['application/vnd.leads+json', 201],
  [undefined, 415],
  ['', 415],
  ['json', 415],
  ['text/json', 415],
  ['application/json5', 415],
  ['application/jsonp', 415],
  ['application/json, text/plain', 415],
  ['text/plain; a=application/json', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/x-www-form-urlencoded', 415],
  [`application/${'x'.repeat(4_000)}`, 415],
];
