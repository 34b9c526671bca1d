import { resolve } from 'node:path';
import { callersFolder } from './callers-folder.ts';

const lists = ['leads', 'events', 'agents', 'skills', 'spend', 'corrections'];

/** How the command is used, as it says so itself. */
export const usage = `npm run export -- KIND [--out FILE.csv] [--FILTER value]…
npm run export -- report NAME [--out FILE.csv] [--from DAY] [--to DAY] [--FILTER value]…

  KIND         ${lists.join(' | ')}
  NAME         a report, such as trend
  --out        the file; it is there when it is whole. When left out the rows go to standard
               output: npm run -s export -- leads > leads.csv
  --FILTER     what the list or the report takes at /v1/…, by its name there: --from --to --source …
  --url --key  the leadpulse to export from, its key also from LEADPULSE_KEY; when left out the one
               of this folder

Leads come with tests and duplicates, unless --include counted. More in docs/exporting.md.`;

/** What was asked for. */
export interface ExportCommand {
  /** What it is of, as a person says it: `leads`, `the report trend`. */
  readonly name: string;
  /** At the API, without its query. */
  readonly path: string;
  /** Of a report: its name. */
  readonly report: string | undefined;
  readonly filters: Readonly<Record<string, string>>;
  /** Standard output when undefined. */
  readonly out: string | undefined;
  readonly url: string | undefined;
  readonly key: string | undefined;
}

/** Reads the command line; undefined where help is asked for. Throws a sentence. */
export function readExportCommand(words: readonly string[]): ExportCommand | undefined {
  const { positionals, options } = sorted(words);
  const { out, url, key, help, ...filters } = options;
  if (help !== undefined) return undefined;
  const [kind, report, ...more] = positionals;
  const given = { out: out === undefined ? out : resolve(callersFolder(), out), url, key };
  if (kind === 'report') {
    if (report === undefined) throw new Error(`Name a report.\n\n${usage}`);
    if (more.length > 0) throw new Error(`One report at a time: ${positionals.join(' ')}.`);
    const path = `/v1/reports/${encodeURIComponent(report)}`;
    return { ...given, name: `the report ${report}`, path, report, filters };
  }
  if (kind === undefined) throw new Error(`Say what to export.\n\n${usage}`);
  if (!lists.includes(kind)) {
    throw new Error(`There is no list "${kind}": ${lists.join(' | ')} | report NAME.`);
  }
  if (report !== undefined) throw new Error(`One list at a time: ${positionals.join(' ')}.`);
  const all: Record<string, string> = kind === 'leads' ? { include: 'test,duplicate' } : {};
  return {
    ...given,
    name: kind,
    path: `/v1/${kind}`,
    report: undefined,
    filters: { ...all, ...filters },
  };
}

/** What the export sets by itself. */
const own = ['format', 'limit', 'cursor'];

/** Every name may be a filter of the API's, so that there is no list of options here. */
function sorted(words: readonly string[]) {
  const positionals: string[] = [];
  const options: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('--')) {
      positionals.push(word);
      continue;
    }
    const [, name = '', inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (own.includes(name)) throw new Error(`--${name} is not needed: an export takes everything.`);
    if (Object.hasOwn(options, name)) throw new Error(`--${name} is given twice.`);
    const value = inline ?? (name === 'help' ? '' : words[++at]);
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      throw new Error(`--${name} needs a value.`);
    }
    options[name] = value;
  }
  return { positionals, options };
}
