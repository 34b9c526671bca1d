import { escapePointer } from '../http/problem.ts';
import { type Findings, pointerOf, storable } from './findings.ts';

/**
 * Two levels fewer than a body of the API may have: with raw_data around it, what came by a hook
 * can be exported and taken in again.
 */
const levels = 30;

/**
 * Any JSON, kept to the last digit: where a value of ours could not hold it (a long number, a
 * field that stands twice, deep nesting), its text is kept, and the findings say so. Throws a
 * SyntaxError where it is no JSON.
 */
export function readLenientJson(text: string, findings: Findings): unknown {
  // V8 parses without recursion, so this is safe at any depth; what follows reads valid JSON only.
  JSON.parse(text);
  const reader: Reader = { text, place: 0, findings };
  return readValue(reader, '', 1);
}

interface Reader {
  readonly text: string;
  place: number;
  readonly findings: Findings;
}

const blank = /[ \t\n\r]*/y;
const scalar = /[^ \t\n\r,\]}]*/y;

function readValue(reader: Reader, pointer: string, level: number): unknown {
  skip(reader, blank);
  const first = reader.text[reader.place];
  if (first === '"') return readString(reader, pointer);
  if (first === '{' || first === '[') {
    if (level > levels) return keptText(reader, pointer);
    return first === '{' ? readObject(reader, pointer, level) : readList(reader, pointer, level);
  }
  const literal = skip(reader, scalar);
  return /^[tfn]/.test(literal) ? JSON.parse(literal) : exactNumber(literal, reader, pointer);
}

function readString(reader: Reader, pointer: string): string {
  const start = reader.place;
  reader.place = endOfString(reader.text, start) + 1;
  const text = JSON.parse(reader.text.slice(start, reader.place)) as string;
  return storable(text, pointer, reader.findings);
}

/** Without a prototype, so that a field named __proto__ is a field like any other. */
function readObject(reader: Reader, pointer: string, level: number): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  const times = new Map<string, number>();
  reader.place += 1;
  while (!ends(reader, '}')) {
    const key = readString(reader, pointer);
    skip(reader, blank);
    reader.place += 1;
    const here = pointerOf(pointer, escapePointer(key));
    const value = readValue(reader, here, level + 1);
    let name = key;
    while (name in fields) {
      const count = (times.get(key) ?? 1) + 1;
      times.set(key, count);
      name = `${key} (${count})`;
    }
    if (name !== key) {
      reader.findings.add({ at: here, code: 'repeated_field', detail: `Kept as "${name}", too.` });
    }
    fields[name] = value;
  }
  return fields;
}

function readList(reader: Reader, pointer: string, level: number): unknown[] {
  const items: unknown[] = [];
  reader.place += 1;
  while (!ends(reader, ']')) {
    items.push(readValue(reader, pointerOf(pointer, String(items.length)), level + 1));
  }
  return items;
}

/** Steps over a comma, or over the end. */
function ends(reader: Reader, closing: string): boolean {
  skip(reader, blank);
  const character = reader.text[reader.place];
  if (character === closing || character === ',') reader.place += 1;
  if (character === ',') skip(reader, blank);
  return character === closing;
}

function skip(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.place;
  const [found = ''] = pattern.exec(reader.text) ?? [];
  reader.place += found.length;
  return found;
}

function keptText(reader: Reader, pointer: string): string {
  const start = reader.place;
  let open = 0;
  do {
    const character = reader.text[reader.place];
    if (character === '"') reader.place = endOfString(reader.text, reader.place);
    else if (character === '{' || character === '[') open += 1;
    else if (character === '}' || character === ']') open -= 1;
    reader.place += 1;
  } while (open > 0);
  const detail = `Nested more than ${levels} levels deep: kept as text.`;
  reader.findings.add({ at: pointer, code: 'kept_as_text', detail });
  return reader.text.slice(start, reader.place);
}

/** A number holds 15 digits exactly, and often one more; others are kept as they were written. */
function exactNumber(literal: string, reader: Reader, pointer: string): number | string {
  const value = Number(literal);
  const digits = literal.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
  const size = Math.abs(value);
  if (digits === '') return value;
  const isPlain = size >= 1e-6 && size < 2 ** 53;
  if (isPlain && (digits.length <= 15 || String(value) === literal)) return value;
  const detail = 'A number that would lose digits: kept as text.';
  reader.findings.add({ at: pointer, code: 'number_kept_as_text', detail });
  return literal;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}
