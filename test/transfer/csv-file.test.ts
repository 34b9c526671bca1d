import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  countRows,
  likelierDelimiter,
  type Row,
  readCsv,
  readHeader,
} from '../../transfer/csv-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(content: string | Buffer, delimiter = ',') {
  const path = join(folder, 'leads.csv');
  await writeFile(path, content);
  return { path, delimiter };
}

async function rowsOf(content: string | Buffer, delimiter?: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readCsv(await file(content, delimiter))) rows.push(row);
  return rows;
}

/** What the command does before it sends anything. */
async function check(content: string | Buffer, delimiter?: string): Promise<number> {
  const given = await file(content, delimiter);
  await readHeader(given);
  return countRows(given, new AbortController().signal);
}

describe('rows', () => {
  test('each has the line it starts on, whatever stands in its cells', async () => {
    const text = 'a,b\r\n1,"two\r\nlines"\n\n\r\n2,"x\n\n""y"""\r\n3,\n4,end';
    expect(await rowsOf(text)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', 'two\r\nlines'] },
      { line: 6, cells: ['2', 'x\n\n"y"'] },
      { line: 9, cells: ['3', ''] },
      { line: 10, cells: ['4', 'end'] },
    ]);
  });

  test('a byte order mark is no part of the first column', async () => {
    expect(await readHeader(await file('\ufeff"na,me",b\n1,2'))).toEqual(['na,me', 'b']);
  });

  test('blanks around the names of columns are none of theirs', async () => {
    expect(await readHeader(await file(' a ,b b\t\n1,2'))).toEqual(['a', 'b b']);
  });

  test.each([[';'], ['\t'], ['|']])('cells may stand apart by %j', async (delimiter) => {
    const text = `a${delimiter}b\n"1${delimiter}"${delimiter}2,2`;
    expect((await rowsOf(text, delimiter))[1]?.cells).toEqual([`1${delimiter}`, '2,2']);
  });

  test('characters of several bytes survive the borders of what is read at once', async () => {
    const cell = 'é€𝄞'.repeat(40_000);
    for (const before of ['', 'x', 'xx', 'xxx']) {
      expect((await rowsOf(`${before},${cell}`))[0]?.cells).toEqual([before, cell]);
    }
  });

  test('whatever cells a table has, they are read as they were written', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '𝄞', ';'),
    });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (rows, end) => {
        const text = rows.map((cells) => cells.map(quoted).join(',') + end).join('');
        expect((await rowsOf(text)).map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a file that is no table is told in one sentence', () => {
  const utf16 = Buffer.from('\ufeffa,b\n1,2\n', 'utf16le');
  const long = `a,b\n1,${'x'.repeat(1_100_000)}\n`;
  test.each<[string, string | Buffer, string, string?]>([
    ['empty', '', 'leads.csv is empty.'],
    ['only a mark', '\ufeff', 'leads.csv is empty.'],
    ['only blank lines', '\n\r\n\n', 'leads.csv is empty.'],
    ['only a header', 'a,b\n\n', 'leads.csv has a header and no rows.'],
    ['semicolons', 'a;b;c\n1;2;3', 'leads.csv has one column, "a;b;c": say --delimiter ";".'],
    ['quotes', '"a";"b"\n"1";"2"', 'leads.csv has one column, ""a";"b"": say --delimiter ";".'],
    ['tabs', 'a\tb\n1\t2', 'leads.csv has one column, "a\tb": say --delimiter "tab".'],
    ['bars', 'a|b\n1|2', 'leads.csv has one column, "a|b": say --delimiter "|".'],
    ['commas', 'a,b\n1,2', 'leads.csv has one column, "a,b": say --delimiter ",".', ';'],
    ['UTF-16', utf16, 'leads.csv is in UTF-16: save it as CSV in UTF-8.'],
    ['UTF-16 BE', utf16.swap16(), 'leads.csv is in UTF-16: save it as CSV in UTF-8.'],
    [
      'UTF-16 without a mark',
      Buffer.from('a,b\n1,2\n', 'utf16le'),
      'leads.csv is in UTF-16: save it as CSV in UTF-8.',
    ],
    [
      'Latin-1',
      Buffer.from('a,b\nx,y\nJos\xe9,z\n', 'latin1'),
      'leads.csv, line 3, is not in UTF-8: save the file as CSV in UTF-8.',
    ],
    [
      'a character cut off at the end',
      Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from('€').subarray(0, 2)]),
      'leads.csv, line 2, is not in UTF-8: save the file as CSV in UTF-8.',
    ],
    ['a zero byte', 'a,b\n1,2\n3,\0\n', 'leads.csv, line 3, contains a zero byte.'],
    [
      'an open quote',
      'a,b\n1,2\n3,"four\n5,6\n',
      'leads.csv, line 3: a quote that opens in this row is never closed.',
    ],
    [
      'a quote in a cell',
      'a,b\n"1\r\n",2\n\n\n1,5" pipe\n',
      'leads.csv, line 6: a quote stands within a cell; put the whole cell in quotes and double ' +
        'those in it.',
    ],
    [
      'text after a quote',
      'a,b\n1,"x" y\n',
      'leads.csv, line 2: a quote stands within a cell; put the whole cell in quotes and double ' +
        'those in it.',
    ],
    [
      'a long cell',
      long,
      'leads.csv, line 2: the row is larger than 1 MB; perhaps a quote is never closed.',
    ],
    [
      'a long row of many lines',
      `a,b\n1,2\n3,"${'x\n'.repeat(600_000)}`,
      'leads.csv, line 3: the row is larger than 1 MB; perhaps a quote is never closed.',
    ],
    [
      'a long line of nothing but commas',
      `a,b\n${','.repeat(2_000_000)}\n`,
      'leads.csv, line 2: the row is larger than 1 MB; perhaps a quote is never closed.',
    ],
  ])('%s', async (_, content, sentence, delimiter) => {
    await expect(check(content, delimiter)).rejects.toThrow(new Error(sentence));
  });

  test.each([
    [['a;b', 'c;d'], ',', ';'],
    [['a\tb', 'c\td'], ',', 'tab'],
    [['a', 'b,c,d'], ';', ','],
    [['a|b', 'c', 'd'], ',', undefined],
    [['a', 'b', 'c'], ',', undefined],
  ])('a header of %j, cut at %j, has more columns with %j', (header, delimiter, likelier) => {
    expect(likelierDelimiter(header, delimiter)).toBe(likelier);
  });

  test('a line of 20 GB is not read to its end', async () => {
    const given = await file('a,b\n1,');
    await truncate(given.path, 20e9);
    await expect(countRows(given, new AbortController().signal)).rejects.toThrow(
      /line 2: the row is larger than 1 MB/,
    );
  });

  test('not there, a folder', async () => {
    const path = join(folder, 'none.csv');
    const missing = readHeader({ path, delimiter: ',' });
    await expect(missing).rejects.toThrow(new Error(`There is no file ${path}.`));
    await mkdir(path);
    const aFolder = readHeader({ path, delimiter: ',' });
    await expect(aFolder).rejects.toThrow(new Error(`${path} is a folder: name a file.`));
  });
});

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
