import openapi from '../docs/openapi.json' with { type: 'json' };

/** How the text of a cell becomes a field. */
export type FieldType = 'text' | 'moment' | 'date' | 'money' | 'boolean' | 'json';

/** A kind of row: where it goes, and of what it is made. */
export interface Kind {
  readonly name: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Of each group one field has to come from somewhere. */
  readonly required: readonly (readonly string[])[];
  /**
   * What a row is known by. One that has none of these gets an `external_id` made of what it says,
   * where its kind has one.
   */
  readonly knownBy: readonly string[];
}

const itsIds = ['id', 'external_id'];

/** What rows can be imported as: the API's batches, with the fields it describes. */
export const kinds: readonly Kind[] = [
  batchOf('leads', { knownBy: itsIds }),
  batchOf('events', { knownBy: itsIds, oneOf: [['lead_id', 'lead_external_id']] }),
  batchOf('agents', { knownBy: itsIds }),
  batchOf('skills', { knownBy: ['id', 'name'] }),
  batchOf('spend', { knownBy: [], oneOf: ['from', 'to'].map((end) => ['day', end]) }),
];

/** The kind of this name. Throws a sentence that lists them. */
export function kindNamed(name: string | undefined): Kind {
  const found = kinds.find((kind) => kind.name === name);
  if (found) return found;
  const asked = name === undefined ? 'Say what the rows are' : `There is no kind "${name}"`;
  throw new Error(`${asked}: --as ${kinds.map((kind) => kind.name).join(' | ')}.`);
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Operation {
  readonly requestBody: { readonly content: { 'application/json': { readonly schema: Schema } } };
}

function batchOf(
  name: 'leads' | 'events' | 'agents' | 'skills' | 'spend',
  { knownBy, oneOf = [] }: { knownBy: readonly string[]; oneOf?: Kind['required'] },
): Kind {
  const path = `/v1/${name}/batch` as const;
  const operations: { post?: Operation; put?: Operation } = openapi.paths[path];
  const body = (operations.post ?? operations.put)?.requestBody.content['application/json'].schema;
  const { properties = {}, required = [] } = body?.properties?.items?.items ?? {};
  const fields = Object.entries(properties).map(([field, schema]) => [field, typeOf(schema)]);
  return {
    name,
    method: operations.post ? 'POST' : 'PUT',
    path,
    fields: Object.fromEntries(fields),
    required: [...oneOf, ...required.map((field) => [field])],
    knownBy,
  };
}

/** An amount that may be left out is one of two forms, and one of these is one of two. */
function formsOf(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(formsOf) ?? [schema];
}

function typeOf(schema: Schema): FieldType {
  const forms = formsOf(schema);
  const has = (type: string) => forms.some((form) => form.type?.includes(type));
  if (has('number')) return 'money';
  if (has('boolean')) return 'boolean';
  if (has('object')) return 'json';
  const [format] = forms.flatMap((form) => form.format ?? []);
  return format === 'date-time' ? 'moment' : format === 'date' ? 'date' : 'text';
}
