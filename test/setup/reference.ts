import * as z from 'zod/mini';
import { functions } from '../../core/catalogue/functions.ts';
import { reports } from '../../core/catalogue/reports.ts';
import { rolesOf } from '../../core/catalogue/roles.ts';
import { routes } from '../../core/catalogue/routes.ts';
import { schedules } from '../../core/catalogue/schedules.ts';
import { settingsSchema } from '../../core/settings.ts';

/** docs/reference.md: the lists of the catalogue as tables, so that the docs cannot drift. */
export function reference(): string {
  return [
    '# Reference',
    'Made from the catalogues by `npm run snapshots`; a test keeps it current. Requests and',
    'answers in full: [openapi.json](openapi.json), also at `/v1/openapi.json`.',
    '## Routes',
    ...table(
      ['route', 'key needs', 'people', 'function', 'what it does'],
      routes.map((r) => [
        `\`${r.method} ${r.path}\``,
        r.access,
        r.access === 'public' ? 'public' : rolesOf(r).join(', '),
        r.function,
        r.summary,
      ]),
    ),
    '## Functions',
    ...table(
      ['function', 'set going by', 'may use', 'what it does'],
      Object.entries(functions).map(([name, f]) => [
        `\`${name}\``,
        f.trigger,
        f.uses.join(', '),
        f.summary,
      ]),
    ),
    '## Schedules',
    "In the workspace's time zone, `check-sla` in UTC; the six fields of EventBridge Scheduler.",
    '',
    ...table(
      ['schedule', 'cron', 'what it does'],
      schedules.map((s) => [`\`${s.name}\``, `\`${s.cron}\``, s.summary]),
    ),
    '## Settings',
    ...table(['variable', 'default', 'meaning'], settingRows()),
    'Locally also `PORT` (4000), `DATABASE_URL` (a PostgreSQL of your own instead of ours),',
    '`CHECK_MINUTES` (60; how often rules are checked: [alerts.md](alerts.md)) and, for tests,',
    '`FAULTS_FILE` ([what goes wrong on purpose](chaos.md)).',
    '## Reports',
    'Common parameters: `from`, `to` (days of the zone, `to` not included; by default the last',
    '30 days), `basis=created|converted`, `source`, `agent_id` (or `none`), `quality_score` (or',
    '`none`), `utm_campaign` (blank for none), `as_of`, `compare=previous`, `format=json|csv`.',
    ...reports.flatMap((report) => [
      `### ${report.name}`,
      report.question,
      '',
      `Takes ${list([...report.takes, ...choices(report.choices)])}.`,
      '',
      ...table(
        ['column', 'unit', 'null?', 'meaning'],
        report.columns
          .filter((column) => !/_(n|low|high)$/.test(column.name))
          .map((c) => [`\`${c.name}\``, c.kind, c.nullable ? 'yes' : '', c.meaning]),
      ),
    ]),
    'Beside each `contact_rate`, `qualification_rate`, `conversion_rate` and `pct_within_…` stand',
    '`_n`, `_low` and `_high`: of how many, and the 95 % interval by Wilson.',
  ]
    .join('\n')
    .replaceAll(/\n(#+ .*)\n/g, '\n\n$1\n\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .concat('\n');
}

function settingRows(): string[][] {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', default: standard = '' } = property as Record<string, string>;
    return [`\`${name}\``, standard, description];
  });
}

function choices(given: object): string[] {
  return Object.entries(given as Record<string, readonly string[]>).map(
    ([name, values]) => `${name} (${values.filter(Boolean).join(' · ')})`,
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => name.replace(/^\w+/, '`$&`')).join(', ');
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
