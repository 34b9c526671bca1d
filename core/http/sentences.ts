import type * as z from 'zod/mini';
import { escapePointer, type Fault } from './problem.ts';

/** What zod found wrong, as a person understands it, each at its place below `base`, in `whole`. */
export function faultsOf(error: z.core.$ZodError, base: string, whole = 'The body'): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, base, whole));
}

function faultsOfIssue(issue: z.core.$ZodIssue, base: string, whole: string): Fault[] {
  const pointer = base + issue.path.map((key) => `/${escapePointer(String(key))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapePointer(key)}`,
      code: base === '/query' ? 'unknown_parameter' : 'unknown_field',
      detail: `"${key}" is not known here.`,
    }));
  }
  const name = issue.path.at(-1);
  const subject = name === undefined ? whole : `"${String(name)}"`;
  if (issue.code === 'custom' && issue.params?.constraint) {
    return [{ pointer, code: issue.params.constraint, detail: issue.message }];
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ pointer, code: missing ? 'missing' : issue.code, detail: sentence(issue, subject) }];
}

function sentence(issue: z.core.$ZodIssue, subject: string): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `${subject} is missing.`
        : `${subject} must be ${typeNames[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `${subject} must be ${oneOf(issue.values)}.`;
    case 'too_big':
      return `${subject} may be at most ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `${subject} must be at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'invalid_format':
      return `${subject} must be ${formats[issue.format] ?? 'written in another form'}.`;
    case 'custom':
      return `${subject} ${issue.message}.`;
    default:
      return `${subject} is not of a form that is allowed here.`;
  }
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
};

const formats: Record<string, string> = {
  uuid: 'a UUID',
  guid: 'a UUID',
  datetime: 'a time with its offset, such as 2026-11-22T10:00:00Z',
  date: 'a date, such as 2026-11-22',
  email: 'an e-mail address',
};

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' || origin === 'set' ? ' items long' : '';
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => `"${String(value)}"`);
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}
