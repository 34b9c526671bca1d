import { escapePointer, type Fault, mostFaults, Problem } from './problem.ts';

/**
 * Parses a JSON body of at most so many levels, so that nothing after it recurses without a bound.
 * Throws a Problem of 400 where it is none, too deep, or names a field twice.
 */
export function parseJson(text: string, depthLimit = 32): unknown {
  const { depth, repeated } = scan(text);
  if (depth > depthLimit) {
    throw new Problem(400, `The body is nested more than ${depthLimit} levels deep.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, 'The body is not JSON.');
  }
  if (repeated !== undefined) {
    throw new Problem(400, `The field "${repeated}" stands twice in one object.`);
  }
  return value;
}

const colon = /\s*:/y;

/** How deep a text nests, and a key that an object has twice: JSON.parse would keep the last. */
function scan(text: string): { depth: number; repeated: string | undefined } {
  // The keys of each open object; of a list, none.
  const open: (Set<string> | undefined)[] = [];
  let depth = 0;
  let repeated: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      const start = index;
      index = endOfString(text, start);
      const keys = open.at(-1);
      colon.lastIndex = index + 1;
      if (!keys || !colon.test(text)) continue;
      const key = unescaped(text.slice(start, index + 1));
      if (keys.has(key)) repeated ??= key;
      keys.add(key);
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined);
      depth = Math.max(depth, open.length);
    } else if (character === '}' || character === ']') open.pop();
  }
  return { depth, repeated };
}

/** The same key may be written in several ways; a broken one JSON.parse tells of. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

/**
 * What PostgreSQL could not keep exactly: its jsonb takes no U+0000 and no half of a surrogate
 * pair; JSON has no infinity.
 */
export function unstorable(value: unknown, pointer: string): Fault[] {
  const faults: Fault[] = [];
  collect(value, pointer, faults);
  return faults;
}

/** Into one list, and no further than to the first few: a body has room for 40,000 of them. */
function collect(value: unknown, pointer: string, faults: Fault[]): void {
  if (faults.length >= mostFaults) return;
  if (typeof value === 'string') {
    faults.push(...unstorableText(value, pointer));
  } else if (typeof value === 'number' && !isExact(value)) {
    const detail = 'This number is too large to be kept exactly: send it as text.';
    faults.push({ pointer, code: 'number_too_large', detail });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      faults.push(...unstorableKey(key, pointer));
      collect(child, `${pointer}/${escapePointer(key)}`, faults);
    }
  }
}

/** Assigning __proto__ sets no field, so it would be lost without a word. */
function unstorableKey(key: string, pointer: string): Fault[] {
  if (key !== '__proto__') return unstorableText(key, pointer);
  const detail = 'A field may not be named __proto__.';
  return [{ pointer: `${pointer}/__proto__`, code: 'unknown_field', detail }];
}

function unstorableText(text: string, pointer: string): Fault[] {
  if (text.includes('\0')) {
    return [
      { pointer, code: 'nul_character', detail: 'Text may not contain the character U+0000.' },
    ];
  }
  if (!text.isWellFormed()) {
    return [{ pointer, code: 'lone_surrogate', detail: 'Text contains half of a character.' }];
  }
  return [];
}

/** Integers beyond 2^53 have lost digits by the time we see them, such as 64-bit ids. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
