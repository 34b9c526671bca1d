import { type Fault, Problem } from './problem.ts';

/** Deeper nesting than any form has; a bound, so that nothing after it recurses without one. */
const depthLimit = 32;

/**
 * Parses a JSON body that PostgreSQL can store as it is. Throws a Problem: 400 where it is not
 * JSON or too deep, 422 where a text or number in it cannot be kept exactly.
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > depthLimit) {
    throw new Problem(400, `The body is nested more than ${depthLimit} levels deep.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, 'The body is not JSON.');
  }
  const faults = unstorable(value, '');
  if (faults.length > 0) {
    throw new Problem(422, faults[0]?.detail ?? '', { faults });
  }
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** PostgreSQL's jsonb takes no U+0000 and no half of a surrogate pair; JSON has no infinity. */
function unstorable(value: unknown, pointer: string): Fault[] {
  if (typeof value === 'string') return unstorableText(value, pointer);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return [{ pointer, code: 'number_too_large', detail: 'This number is too large.' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [...unstorableKey(key, pointer), ...unstorable(child, here)];
  });
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
