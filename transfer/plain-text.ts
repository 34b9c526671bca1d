import { isUtf8 } from 'node:buffer';

/** No lead is larger than 60 KB; what is larger than this, 1 MB, is no row of a table. */
export const rowLimit = 1024 * 1024;

/**
 * Passes on whole lines of UTF-8, and no U+0000, which no table has and PostgreSQL cannot store.
 * Throws a sentence that names the line. Keeps a line in memory, and none that is too long.
 */
export async function* onlyText(
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (lines === 0 && isUtf16(bytes)) {
      throw new Error(`${name} is in UTF-16: save it as CSV in UTF-8.`);
    }
    const end = Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(13)) + 1;
    rest = bytes.subarray(end);
    if (rest.length > rowLimit) throw tooLong(name, lines + 1);
    lines += expectText(bytes.subarray(0, end), lines, name);
    yield bytes.subarray(0, end);
  }
  expectText(rest, lines, name);
  yield rest;
}

/** The sentence for a row that is none. */
export function tooLong(name: string, line: number): Error {
  const why = 'the row is larger than 1 MB; perhaps a quote is never closed';
  return new Error(`${name}, line ${line}: ${why}.`);
}

/** How many lines these are. No newline is part of another character: each is right or wrong. */
function expectText(bytes: Buffer, linesBefore: number, name: string): number {
  const isText = isUtf8(bytes) && !bytes.includes(0);
  let count = 0;
  for (let start = 0; start < bytes.length; count += 1) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    if (!isText) expectLine(bytes.subarray(start, end), `${name}, line ${linesBefore + count + 1}`);
    start = end;
  }
  return count;
}

function expectLine(line: Buffer, where: string): void {
  if (line.includes(0)) throw new Error(`${where}, contains a zero byte.`);
  if (isUtf8(line)) return;
  throw new Error(`${where}, is not in UTF-8: save the file as CSV in UTF-8.`);
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  // Without a mark: every other byte of Latin letters is zero.
  return bytes.length > 3 && (first === 0) !== (second === 0) && (bytes[2] === 0) === (first === 0);
}
