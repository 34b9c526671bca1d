import type { PoolClient } from 'pg';

/** How a value travels; undefined where the service refuses the type. */
export type Kind = 'boolean' | 'long' | 'double' | 'decimal' | 'blob' | 'moment' | 'text';

/** A PostgreSQL type as results need it. */
export type ColumnType = { name: string; isArray: boolean; kind: Kind | undefined };

/** The types of one database by oid; filled as results need them. */
export type KnownTypes = Map<number, ColumnType>;

const kinds: Record<string, Kind> = {
  bool: 'boolean',
  int2: 'long',
  int4: 'long',
  int8: 'long',
  oid: 'long',
  float4: 'double',
  float8: 'double',
  numeric: 'decimal',
  bytea: 'blob',
  date: 'moment',
  time: 'moment',
  timestamp: 'moment',
  timestamptz: 'moment',
};
// Everything else the service documents. What is not here nor an enum is refused, as interval,
// timetz, money, ranges, regclass, "char", xml and void are there.
for (const name of ['text', 'varchar', 'bpchar', 'name', 'uuid', 'json', 'jsonb', 'inet', 'cidr']) {
  kinds[name] = 'text';
}

type TypeRow = [oid: string, name: string, type: string, element: string | null, of: string | null];

const typesSql = `select type.oid, type.typname, type.typtype, element.typname, element.typtype
from pg_catalog.pg_type type
left join pg_catalog.pg_type element on element.oid = type.typelem and type.typcategory = 'A'
where type.oid = any($1::oid[])`;

/** Looks up, on the connection that has just answered, the types not seen in its database yet. */
export async function learnTypes(
  known: KnownTypes,
  oids: number[],
  client: PoolClient,
): Promise<void> {
  const unknown = oids.filter((oid) => !known.has(oid));
  if (unknown.length === 0) return;
  const { rows } = await client.query<TypeRow>({
    text: typesSql,
    values: [`{${unknown.join(',')}}`],
    rowMode: 'array',
  });
  for (const [oid, name, type, element, elementType] of rows) {
    const isArray = element !== null;
    const kind = isArray ? kindOf(element, elementType) : kindOf(name, type);
    known.set(Number(oid), { name, isArray, kind: isArray && kind === 'blob' ? undefined : kind });
  }
}

/** A type's name as the service's refusals spell it. */
export function refusedName({ name }: ColumnType): string {
  if (name === 'char') return '"CHAR"';
  return name.startsWith('reg') ? name : name.toUpperCase();
}

function kindOf(name: string, type: string | null): Kind | undefined {
  return type === 'e' ? 'text' : kinds[name];
}
