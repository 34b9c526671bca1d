/**
 * How many bytes PostgreSQL prints a JSON value with, `octet_length(value::jsonb::text)`: a space
 * after each colon and comma between values, and every digit of a number. What the limits of jsonb
 * columns count, known before the database is asked.
 */
export function storedBytes(value: unknown): number {
  if (typeof value === 'number') return numberBytes(value);
  if (typeof value !== 'object' || value === null) return jsonBytes(value);
  const parts = Array.isArray(value)
    ? value.map(storedBytes)
    : Object.entries(value).map(([key, child]) => jsonBytes(key) + 2 + storedBytes(child));
  return 2 * Math.max(parts.length, 1) + parts.reduce((sum, bytes) => sum + bytes, 0);
}

/** How many bytes a value takes as compact JSON; PostgreSQL escapes text as JavaScript does. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** JavaScript writes 1e-7 and 1e+21 where numeric prints all the zeros. */
function numberBytes(value: number): number {
  const text = JSON.stringify(value);
  const [, sign = '', fraction = '', exponent] = /^(-?)\d(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text.length;
  const power = Number(exponent);
  return sign.length + (power > 0 ? 1 + power : 2 - power + fraction.length);
}
