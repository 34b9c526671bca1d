/**
 * The value at a path in a submission; undefined where there is none. A path is a JSON pointer
 * (RFC 6901) with two liberties: a name is found whatever its case, blanks and dashes, and on a
 * list `key=value` finds the first item that has it, `field.ref=value` one step deeper.
 */
export function valueAt(submission: unknown, path: string): unknown {
  let value = submission;
  for (const segment of segmentsOf(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? itemOf(value, segment) : fieldOf(value, segment);
  }
  return value;
}

/** Text, a number or a yes or no as text, trimmed; of a list the first. Undefined where empty. */
export function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const text = Array.isArray(item) ? undefined : textOf(item);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined;
  }
  return String(value).trim() || undefined;
}

/** A submission in which the secret at this path no longer stands. */
export function withoutSecret(submission: unknown, path: string): unknown {
  const [segment, ...rest] = segmentsOf(path);
  if (segment === undefined) return '(secret)';
  if (typeof submission !== 'object' || submission === null) return submission;
  const keys = Object.keys(submission);
  const key = Array.isArray(submission)
    ? String(submission.indexOf(itemOf(submission, segment)))
    : (keys.find((name) => name === segment) ??
      keys.find((name) => folded(name) === folded(segment)));
  if (key === undefined || !(key in submission)) return submission;
  const below = rest.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const copy = Array.isArray(submission)
    ? [...submission]
    : Object.assign(Object.create(null), submission);
  copy[key] = withoutSecret(copy[key], below);
  return copy;
}

function segmentsOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fieldOf(fields: object, name: string): unknown {
  const given = fields as Record<string, unknown>;
  if (Object.hasOwn(given, name)) return given[name];
  const alike = Object.keys(given).find((key) => folded(key) === folded(name));
  return alike === undefined ? undefined : given[alike];
}

/** 'First Name', 'first-name' and 'firstName' are one. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function itemOf(items: readonly unknown[], segment: string): unknown {
  if (/^\d{1,5}$/.test(segment)) return items[Number(segment)];
  const [keys = '', ...rest] = segment.split('=');
  const wanted = folded(rest.join('='));
  return items.find((item) => {
    let value: unknown = item;
    for (const key of keys.split('.')) {
      value = typeof value === 'object' && value !== null ? fieldOf(value, key) : undefined;
    }
    const text = textOf(value);
    return text !== undefined && folded(text) === wanted;
  });
}
