import { validationError } from './errors.ts';
import type { ApiParameter } from './request.ts';
import type { Statement } from './statements.ts';

/** Values in PostgreSQL's text form, each with the oid of its type; 0 leaves it to the server. */
export type Bindings = { values: (string | Buffer | null)[]; oids: number[] };

type Binding = { value: string | Buffer | null; oid: number };

const untyped = 0;
const oids = { bool: 16, bytea: 17, int8: 20, text: 25, float8: 701 };

// What a hint makes of a stringValue: its type, and the only form the service takes for it.
const hints: Record<string, { oid: number; form: RegExp }> = {
  DATE: { oid: 1082, form: /^\d{4}-\d\d-\d\d$/ },
  DECIMAL: { oid: 1700, form: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/ },
  JSON: { oid: 3802, form: /[\s\S]/ },
  TIME: { oid: 1083, form: /^\d\d:\d\d:\d\d(\.\d{1,6})?$/ },
  TIMESTAMP: { oid: 1114, form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/ },
  UUID: { oid: 2950, form: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/ },
};

/** Binds the parameters of one run of a statement; refuses missing, unused and doubled ones. */
export function bind(statement: Statement, parameters: ApiParameter[] = []): Bindings {
  const byName = new Map<string, Binding>();
  for (const parameter of parameters) {
    const { name } = parameter;
    if (!name) throw validationError('A parameter has no name');
    if (byName.has(name)) throw validationError(`Duplicate parameter: ${name}`);
    if (!statement.names.includes(name)) throw validationError(`Unused parameter: ${name}`);
    byName.set(name, toBinding(name, parameter));
  }
  const bindings: Bindings = { values: [], oids: [] };
  for (const name of statement.names) {
    const binding = byName.get(name);
    if (!binding) throw validationError(`Cannot find parameter: ${name}`);
    bindings.values.push(binding.value);
    bindings.oids.push(binding.oid);
  }
  return bindings;
}

function toBinding(name: string, { typeHint, value = {} }: ApiParameter): Binding {
  const [[member, content] = [], another] = Object.entries(value);
  if (another) throw validationError(`Parameter ${name} has more than one value`);
  const hint = typeHint === undefined ? undefined : hints[typeHint];
  if (typeHint !== undefined && !hint) throw validationError(`Unknown type hint: ${typeHint}`);
  if (member === 'isNull' && content === true) return { value: null, oid: hint?.oid ?? untyped };
  if (member === 'stringValue' && typeof content === 'string') {
    if (hint && !hint.form.test(content)) {
      throw validationError(`Parameter ${name} is not a ${typeHint}`);
    }
    return { value: content, oid: hint?.oid ?? oids.text };
  }
  if (hint) throw validationError(`Type hint ${typeHint} of ${name} needs a stringValue`);
  return toPlainBinding(name, member, content);
}

function toPlainBinding(name: string, member: string | undefined, content: unknown): Binding {
  if (member === 'longValue' && Number.isInteger(content)) {
    return { value: BigInt(content as number).toString(), oid: oids.int8 };
  }
  // JSON has no NaN and no infinities: the SDK sends these as strings.
  const isDouble = typeof content === 'number' || /^(NaN|-?Infinity)$/.test(String(content));
  if (member === 'doubleValue' && isDouble) {
    return { value: String(content), oid: oids.float8 };
  }
  if (member === 'booleanValue' && typeof content === 'boolean') {
    return { value: String(content), oid: oids.bool };
  }
  if (member === 'blobValue' && typeof content === 'string') {
    return { value: Buffer.from(content, 'base64'), oid: oids.bytea };
  }
  if (member === 'arrayValue') throw validationError('Array parameters are not supported.');
  throw validationError(`Parameter ${name} has no value the Data API knows`);
}
