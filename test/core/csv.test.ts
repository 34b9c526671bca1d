import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOfCell, toCsv } from '../../core/http/csv.ts';

const columns = [
  { name: 'text', kind: 'text' },
  { name: 'number', kind: 'count' },
];

describe('a CSV file of ours', () => {
  test('gives back any text exactly, whoever reads it', () => {
    const start = fc.constantFrom(
      ...['', '=', '+', '-', '@', '＝', '\t', '\r', '\n', "'", "'=", "''+", '"', ','],
    );
    const text = fc
      .tuple(start, fc.string({ unit: 'grapheme' }))
      .map(([first, rest]) => first + rest);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const rows = texts.map((text, number) => ({ text, number }));
        const read: string[][] = parse(toCsv(columns, rows), { from: 2 });
        expect(read.map(([cell = '']) => textOfCell(cell))).toEqual(texts);
        for (const [cell = ''] of read) expect(cell).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves numbers, amounts and dates as they are', () => {
    const names = ['count', 'percent', 'probability', 'money', 'date', 'id'];
    const kinds = names.map((kind) => ({ name: kind, kind }));
    const row = { count: 7, percent: -12.5, money: '-3.00', date: '2026-03-01', id: 'a-b' };
    const [none, some] = [null, 0.0305064];
    const rows = [none, some].map((probability) => ({ ...row, probability }));
    expect(toCsv(kinds, rows)).toBe(
      `${names.join(',')}\r\n7,-12.5,,-3.00,2026-03-01,a-b\r\n` +
        '7,-12.5,0.0305064,-3.00,2026-03-01,a-b\r\n',
    );
  });

  test('puts an apostrophe before text alone, whatever stands in the other columns', () => {
    const kinds = ['count', 'percent', 'minutes', 'days', 'money', 'date', 'id', 'time', 'flag'];
    const value = fc.oneof(
      ...[fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)],
      fc.stringMatching(/^[-+=@]\d+\.\d\d$/),
    );
    const row = fc.tuple(fc.constantFrom(...kinds), value, fc.integer(), fc.string());
    fc.assert(
      fc.property(row, ([kind, number, count, text]) => {
        const mixed = [
          { name: 'number', kind },
          { name: 'count', kind: 'text' },
          { name: 'text', kind: 'text' },
        ];
        const [, cells] = parse(toCsv(mixed, [{ number, count, text: `-${text}` }]));
        expect(cells).toEqual([number === null ? '' : String(number), String(count), `'-${text}`]);
      }),
      { numRuns: 1000 },
    );
  });

  test('tells nothing from empty text, and shows what is in details', () => {
    const rows = [{ text: null }, { text: '' }, { text: { why: ['=1', 2] } }, {}];
    expect(toCsv([{ name: 'text', kind: 'text' }], rows).split('\r\n')).toEqual([
      'text',
      '',
      '""',
      '"{""why"":[""=1"",2]}"',
      '',
      '',
    ]);
  });
});
