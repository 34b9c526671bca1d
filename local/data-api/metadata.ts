import type { PoolClient } from 'pg';
import type { RawResult } from './results.ts';
import type { ColumnType, KnownTypes } from './types.ts';

type Origin = { table: string; isRequired: boolean; isAutoIncrement: boolean };

// Type and precision in java.sql.Types' words, which the service passes on. What is not here is
// OTHER; arrays are ARRAY.
const unlimited = 2_147_483_647;
const sqlTypes: Record<string, [type: number, precision: number]> = {
  bool: [-7, 1],
  bytea: [-2, unlimited],
  int2: [5, 5],
  int4: [4, 10],
  int8: [-5, 19],
  oid: [-5, 10],
  float4: [7, 8],
  float8: [8, 17],
  numeric: [2, 0],
  bpchar: [1, unlimited],
  text: [12, unlimited],
  varchar: [12, unlimited],
  name: [12, unlimited],
  date: [91, 13],
  time: [92, 15],
  timestamp: [93, 29],
  timestamptz: [93, 35],
};
const other: [number, number] = [1111, unlimited];
const array = 2003;
const serials: Record<string, string> = { int2: 'smallserial', int4: 'serial', int8: 'bigserial' };

const originsSql = `select attrelid, attnum, relname, attnotnull,
  attidentity <> '' or coalesce(pg_get_expr(adbin, adrelid) like '%nextval(%', false)
from pg_catalog.pg_attribute attribute
join pg_catalog.pg_class class on class.oid = attribute.attrelid
left join pg_catalog.pg_attrdef on adrelid = attribute.attrelid and adnum = attribute.attnum
where attribute.attrelid = any($1::oid[])`;

/** The service's columnMetadata, in the words of the JDBC driver behind it. */
export async function describeColumns(
  result: RawResult,
  known: KnownTypes,
  client: PoolClient,
): Promise<Record<string, unknown>[]> {
  const origins = await findOrigins(result, client);
  return result.fields.map((field) => {
    const type = known.get(field.dataTypeID) ?? { name: '', isArray: false, kind: undefined };
    const origin = origins.get(`${field.tableID}.${field.columnID}`);
    const isAutoIncrement = origin?.isAutoIncrement ?? false;
    return {
      name: field.name,
      label: field.name,
      type: type.isArray ? array : (sqlTypes[type.name] ?? other)[0],
      typeName: (isAutoIncrement && serials[type.name]) || type.name,
      // JDBC's columnNoNulls, columnNullable, columnNullableUnknown.
      nullable: origin ? Number(!origin.isRequired) : 2,
      ...numbers(type, field.dataTypeModifier),
      tableName: origin?.table ?? '',
      schemaName: '',
      arrayBaseColumnType: type.isArray ? (sqlTypes[type.name.slice(1)] ?? other)[0] : 0,
      isAutoIncrement,
      isCaseSensitive: type.kind === 'text',
      isCurrency: false,
      isSigned: ['long', 'double', 'decimal'].includes(type.kind ?? ''),
    };
  });
}

async function findOrigins(result: RawResult, client: PoolClient): Promise<Map<string, Origin>> {
  const tables = new Set(result.fields.map((field) => field.tableID).filter((oid) => oid > 0));
  const origins = new Map<string, Origin>();
  if (tables.size === 0) return origins;
  const { rows } = await client.query({
    text: originsSql,
    values: [`{${[...tables].join(',')}}`],
    rowMode: 'array',
  });
  for (const [table, column, name, isRequired, isAutoIncrement] of rows) {
    origins.set(`${table}.${column}`, { table: name, isRequired, isAutoIncrement });
  }
  return origins;
}

// A modifier of -1 is none; numeric(p, s) keeps p and s in its halves, char(n) and varchar(n) n.
function numbers(type: ColumnType, modifier: number): { precision: number; scale: number } {
  const [, precision] = sqlTypes[type.name] ?? other;
  const stored = modifier - 4;
  if (modifier < 0) return { precision, scale: 0 };
  if (type.name === 'numeric') return { precision: stored >> 16, scale: stored & 0xffff };
  return { precision: ['varchar', 'bpchar'].includes(type.name) ? stored : precision, scale: 0 };
}
