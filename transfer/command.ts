import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { callersFolder } from './callers-folder.ts';
import { kindNamed, kinds } from './kinds.ts';
import type { DayOrder } from './times.ts';

/** How the command is used, as it says so itself. */
export const usage = `npm run import -- FILE.csv --as KIND [--map "column=field"]… [--set …]…

  FILE.csv     CSV in UTF-8, its first line the names of the columns
  --as         what its rows are: ${kinds.map(({ name }) => name).join(' | ')}
  --map        a column and its field, once for each; a column that is called as a field goes there
               by itself, "column=" leaves it out
  --set        field=value: the same value for all rows
  --skip-empty a column: rows that have nothing in it are passed over
  --delimiter  what stands between cells, such as ";" or tab; a comma when left out
  --dates      mdy or dmy: how 02/03/2018 is read
  --dry-run    says what would happen, and stores nothing; reasons go to FILE.dry-run.rejected.csv
  --url --key  the leadpulse to import into, its key also from LEADPULSE_KEY; when left out the one
               of this folder, started for the time of the import where it does not run

Rows that are refused go to FILE.rejected.csv with their reasons. Importing again makes no second of
anything. Exits with 0 when no row was refused, 2 when some were, 1 when it could not go on.
More in docs/importing.md.`;

/** What was asked for. */
export type Command = NonNullable<ReturnType<typeof readCommand>>;

const options = {
  as: { type: 'string' },
  map: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  'skip-empty': { type: 'string', multiple: true },
  delimiter: { type: 'string' },
  dates: { type: 'string' },
  'dry-run': { type: 'boolean' },
  url: { type: 'string' },
  key: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line; undefined where help is asked for. Throws a sentence. */
export function readCommand(words: string[]) {
  const { values, positionals } = parseArgs({ args: words, allowPositionals: true, options });
  if (values.help) return undefined;
  const [path, ...more] = positionals;
  if (path === undefined) throw new Error(`Name a file.\n\n${usage}`);
  if (more.length > 0) throw new Error(`One file at a time: ${positionals.join(', ')}.`);
  return {
    file: { path: resolve(callersFolder(), path), delimiter: delimiterOf(values.delimiter) },
    kind: kindNamed(values.as),
    maps: values.map ?? [],
    sets: values.set ?? [],
    skips: values['skip-empty'] ?? [],
    dates: orderOf(values.dates),
    dryRun: values['dry-run'] ?? false,
    url: values.url,
    key: values.key,
  };
}

function orderOf(dates: string | undefined): DayOrder | undefined {
  if (dates === undefined || dates === 'mdy' || dates === 'dmy') return dates;
  throw new Error(`--dates is mdy or dmy, not "${dates}".`);
}

function delimiterOf(given = ','): string {
  const delimiter = given === 'tab' || given === '\\t' ? '\t' : given;
  if (/^[^"\r\n]$/.test(delimiter)) return delimiter;
  throw new Error(`--delimiter is one character or the word tab, not "${given}".`);
}
