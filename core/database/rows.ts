import type { ColumnMetadata, Field, SqlParameter } from '@aws-sdk/client-rds-data';

/**
 * What a statement's `:name` may be bound to. Objects go in as JSON text; the SQL casts
 * (`:rows::jsonb`).
 */
export type Parameters = Record<string, string | number | boolean | null | undefined | object>;

/** A row by column name. Times as `2026-11-22T10:00:00.123456Z`, numeric as text, json parsed. */
export type Row = Record<string, unknown>;

/** Names and values as the Data API takes them. No type hints: the casts are in the SQL. */
export function toSqlParameters(parameters: Parameters): SqlParameter[] {
  return Object.entries(parameters).map(([name, value]) => ({ name, value: toField(value) }));
}

/** Rows as the product reads them, by each column's database type. */
export function toRows(records: Field[][] = [], columns: ColumnMetadata[] = []): Row[] {
  const readers = columns.map((column) => readerOf(column.typeName ?? ''));
  const names = columns.map((column) => column.label ?? column.name ?? '');
  return records.map((record) =>
    Object.fromEntries(
      record.map((field, index) => {
        const value = fieldValue(field);
        const read = readers[index];
        return [names[index], value === null || !read ? value : read(value)];
      }),
    ),
  );
}

function toField(value: Parameters[string]): Field {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { booleanValue: value };
    case 'number':
      return Number.isInteger(value) ? { longValue: value } : { doubleValue: value };
    default:
      return value === null || value === undefined
        ? { isNull: true }
        : { stringValue: JSON.stringify(value) };
  }
}

function fieldValue(field: Field): unknown {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.booleanValue ?? field.doubleValue ?? null;
}

function readerOf(typeName: string): ((value: unknown) => unknown) | undefined {
  if (typeName === 'json' || typeName === 'jsonb') return (value) => JSON.parse(String(value));
  if (typeName === 'timestamptz') return (value) => toUtc(String(value));
  return undefined;
}

/** `2026-11-22 10:00:00.12`, which is UTC, becomes `2026-11-22T10:00:00.120000Z`. */
function toUtc(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole.replace(' ', 'T')}.${fraction.padEnd(6, '0')}Z`;
}
