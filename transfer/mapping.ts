import { hash } from 'node:crypto';
import { valueIn } from './cells.ts';
import { emptyText } from './csv-file.ts';
import type { Exported } from './exported.ts';
import type { FieldType, Kind } from './kinds.ts';
import { RowFault } from './row-fault.ts';
import type { TimeReader } from './times.ts';

/** Where one field of every row comes from. */
interface Source {
  /** `source`, or `raw_data.landing_page` for a part of a field that is JSON. */
  readonly name: string;
  readonly field: string;
  readonly part: string | undefined;
  readonly type: FieldType;
  /** The cell's place in its row, or the same text for all rows. */
  readonly from: number | { readonly constant: string };
}

/** Which cell of a row becomes which field. */
export interface Mapping {
  readonly kind: Kind;
  /** In the order of their names, so that the same row has the same identity however it is said. */
  readonly sources: readonly Source[];
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The places of cells that have their row passed over where one is empty. */
  readonly skipEmpty: readonly number[];
  /** The place of a cell that keeps its row out where something is in it. */
  readonly unless?: number;
}

/** What was asked for, and the header it is asked of. */
export interface Wanted extends Readonly<Record<'maps' | 'sets' | 'skips', readonly string[]>> {
  readonly header: readonly string[];
  /** Another delimiter, which would make more columns. */
  readonly likelier?: string | undefined;
}

/**
 * Finds every field's column, from `--map "column=field"`, `--set field=value` and
 * `--skip-empty column` as they were written. A column that is called as a field goes there unless
 * told otherwise; of a file of `ours` only what comes back does. Throws a sentence: what
 * is missing, unknown or there twice.
 */
export function mappingOf(kind: Kind, wanted: Wanted, ours?: Exported): Mapping {
  const { header } = wanted;
  const sources = new Map<string, Source>();
  const add = (name: string, from: Source['from']) => {
    if (sources.has(name)) throw new Error(`The field "${name}" is given twice.`);
    sources.set(name, { ...fieldNamed(kind, name), from });
  };
  const spoken = new Set<string>();
  for (const { column, field } of wanted.maps.map(readMap)) {
    const place = placeOf(wanted, column, field);
    spoken.add(column);
    if (field !== '') add(field, place);
  }
  for (const text of wanted.sets) {
    const [field, constant] = splitAt(text, text.indexOf('='), '--set field=value');
    add(field, { constant });
  }
  for (const column of header) {
    if (spoken.has(column) || sources.has(column) || !isField(kind, column)) continue;
    if (ours && !ours.comeBack.includes(column)) continue;
    add(column, placeOf(wanted, column, column));
  }
  requireAll(kind, sources, wanted);
  return {
    kind,
    header,
    skipEmpty: wanted.skips.map((column) => placeOf(wanted, column, column)),
    sources: [...sources.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(ours?.unless !== undefined && { unless: header.indexOf(ours.unless) }),
  };
}

/** Where the cell of a field stands in each row; undefined where the field has no column. */
export function columnOf({ sources }: Mapping, name: string): number | undefined {
  const from = sources.find((source) => source.name === name)?.from;
  return typeof from === 'number' ? from : undefined;
}

/** Whether a row is one of those that are to be passed over. */
export function isPassedOver({ skipEmpty }: Mapping, cells: readonly string[]): boolean {
  return skipEmpty.some((place) => isEmpty(cells[place]));
}

/**
 * A row as the API takes it. Empty cells are absent, but for a blank source, which is a source of
 * its own, and for a time: without one the API takes the moment it hears of the row. A row without
 * an id of its own is called by what it says. Throws a RowFault.
 */
export function itemOf(
  { kind, header, sources, unless }: Mapping,
  cells: readonly string[],
  times: TimeReader,
): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  const said: string[] = [];
  if (unless !== undefined && cells[unless]) {
    throw new RowFault('What was taken back does not come back.');
  }
  if (!sources.some(({ from }) => typeof from === 'number' && !isEmpty(cells[from]))) {
    throw new RowFault('The row says nothing: all of its cells that go anywhere are empty.');
  }
  for (const source of sources) {
    const cell = typeof source.from === 'number' ? cells[source.from] : source.from.constant;
    if (source.name === 'created_at' && typeof source.from === 'number' && isEmpty(cell)) {
      throw new RowFault(noTime(header[source.from]));
    }
    if (cell === undefined || (cell === '' && source.name !== 'source')) continue;
    const text = cell === emptyText ? '' : cell;
    said.push(source.name, text);
    if (source.name === 'id' && typeof source.from === 'number' && kind.fields.external_id) {
      expectId(text, header[source.from]);
    }
    put(item, source, text, times);
  }
  if (kind.fields.external_id && !kind.knownBy.some((field) => field in item)) {
    item.external_id = `row:${hash('sha256', JSON.stringify(said), 'hex').slice(0, 32)}`;
  }
  return item;
}

function isEmpty(cell = ''): boolean {
  return cell === emptyText || cell.trim() === '';
}

function noTime(column: string | undefined): string {
  return `"created_at" is empty: pass such rows over with --skip-empty "${column}", or fill it in.`;
}

/** Many tools call a column `id`, and then no row of theirs has one of ours. */
function expectId(text: string, column: string | undefined): void {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return;
  const how = `what another tool calls a row goes in with --map "${column}=external_id"`;
  throw new RowFault(`"id" must be a UUID: ${how}.`);
}

function put(item: Record<string, unknown>, source: Source, text: string, times: TimeReader) {
  const { field, part, type } = source;
  if (part !== undefined) {
    const whole = item[field] ?? {};
    if (typeof whole !== 'object' || Array.isArray(whole)) {
      throw new RowFault(`"${field}" must be an object.`);
    }
    item[field] = { ...whole, [part]: valueIn(text, 'text', times) };
    return;
  }
  try {
    item[field] = valueIn(text, type, times);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    throw new RowFault(`"${field}" ${error.message}.`);
  }
}

function readMap(text: string): { column: string; field: string } {
  // A column may have any name; no field has an equals sign in its own.
  const [column, field] = splitAt(text, text.lastIndexOf('='), '--map "column=field"');
  return { column, field };
}

function splitAt(text: string, index: number, form: string): [string, string] {
  if (index < 1) throw new Error(`"${text}" is not of the form ${form}.`);
  return [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}

function placeOf(wanted: Wanted, column: string, field: string): number {
  const { header } = wanted;
  const place = header.indexOf(column);
  if (place < 0) throw new Error(`There is no column "${column}". ${columnsOf(wanted)}`);
  if (field !== '' && header.lastIndexOf(column) !== place) {
    const ways = `rename one in the file, or leave both out with --map "${column}="`;
    throw new Error(`The column "${column}" is there twice: ${ways}.`);
  }
  return place;
}

function isField(kind: Kind, name: string): boolean {
  const [field = '', part] = partsOf(name);
  const type = Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined;
  return part === undefined ? type !== undefined : type === 'json' && part !== '';
}

function fieldNamed(kind: Kind, name: string): Omit<Source, 'from'> {
  const [field = '', part] = partsOf(name);
  const type = kind.fields[field];
  if (isField(kind, name) && type) return { name, field, part, type };
  const fields = Object.keys(kind.fields);
  const parts = fields.filter((known) => kind.fields[known] === 'json');
  const known = listed([...fields, ...parts.map((json) => `${json}.NAME`)]);
  throw new Error(`There is no field "${name}" in ${kind.name}. The fields: ${known}.`);
}

function partsOf(name: string): string[] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function requireAll(kind: Kind, given: ReadonlyMap<string, Source>, wanted: Wanted): void {
  const missing = kind.required.find((group) => !group.some((field) => given.has(field)));
  if (missing) {
    const fields = missing.map((field) => `"${field}"`).join(' or ');
    const [field] = missing;
    const ways = `--map "column=${field}" or --set ${field}=value`;
    const perhaps = delimiterIn(wanted);
    throw new Error(`Of ${kind.name} the import needs ${fields}: say ${ways}.${perhaps}`);
  }
  // All rows would say the same then, and be one row.
  if ([...given.values()].some(({ from }) => typeof from === 'number')) return;
  const ways = 'say --map "column=field"';
  throw new Error(`No column of the file goes anywhere: ${ways}. ${columnsOf(wanted)}`);
}

function columnsOf(wanted: Wanted): string {
  return `The columns: ${listed(wanted.header)}.${delimiterIn(wanted)}`;
}

/** The sentence on a wrong delimiter: with it columns have other names than a person thinks. */
function delimiterIn({ likelier }: Wanted): string {
  return likelier === undefined ? '' : ` Another delimiter makes more: --delimiter "${likelier}".`;
}

/** A file may have thousands of columns: a sentence names the first 60. */
function listed(names: readonly string[]): string {
  const more = names.length > 60 ? ` and ${names.length - 60} more` : '';
  return names.slice(0, 60).join(', ') + more;
}
