import { earlierDate } from './calendar.ts';
import { silent } from './sources.ts';
import { cast } from './team.ts';
import type { Year } from './year.ts';

/** Something worth looking at: a path below /v1, and what the reader will see there. */
export interface Sight {
  readonly path: string;
  readonly sees: string;
}

/** What there is to see in a year, as of its end. */
export function sightsOf({ unseen, today, firstDay, trials }: Year): Sight[] {
  const weekBefore = earlierDate(unseen.from, 7);
  const silentFrom = earlierDate(today, silent.days);
  const monthAgo = earlierDate(today, 29);
  return [
    {
      path: `reports/trend?from=${weekBefore}&to=${unseen.to}`,
      sees: `On the week-end of ${unseen.from} nobody answered: those leads wait to this day.`,
    },
    {
      path: `reports/response-time?by=agent&human_only=true&from=${monthAgo}`,
      sees: `${cast.fastest} calls within minutes, ${cast.slowest} after a day or two.`,
    },
    {
      path: `reports/lead-source-performance?from=${firstDay}`,
      sees: "A lead of facebook costs half of one of google's, a customer several times as much.",
    },
    {
      path: `reports/trend?source=${silent.source}&bucket=week&from=${earlierDate(silentFrom, 35)}`,
      sees: `No lead of ${silent.source} since ${silentFrom}: its form broke, and nobody noticed.`,
    },
    {
      path: `reports/agent-performance?from=${firstDay}`,
      sees: `${cast.ticksOff} "calls" all in seconds and sells least; ${cast.newcomer} is new.`,
    },
    {
      path: `reports/data-quality?from=${monthAgo}`,
      sees: 'What is wrong with the data itself: the same names turn up again.',
    },
    {
      path: `reports/duplicates?from=${monthAgo}`,
      sees: 'Who seems to have come twice, for a person to confirm.',
    },
    {
      path: 'agents?active=false',
      sees: `${cast.gone} has left, and nobody has taken over the open leads.`,
    },
    {
      path: 'experiments',
      sees: 'What the team tried, what was decided and why; one experiment still runs.',
    },
    {
      path: `leads?experiment_id=${trials.at(-1)?.id}&group_name=treatment`,
      sees: 'Whom a text at once is tried on just now: of those who come in, half join them.',
    },
    {
      path: `reports/executive-summary?from=${today}`,
      sees: "Today; ask again, it grows: 12 seconds here are an hour of the team's.",
    },
  ];
}

/** What is printed when the demo is ready. */
export function greetingOf(year: Year, { url, key }: { url: string; key: string }): string {
  const lines = sightsOf(year).map(
    ({ path, sees }) => `${sees}\n\n  ask '${path}${path.startsWith('reports/') ? csv(path) : ''}'`,
  );
  return `The reports: ${url}/#${key}

In a second terminal:

  export LEADPULSE_KEY=${key}
  ask() { curl -s "${url}/v1/$1" -H "authorization: Bearer $LEADPULSE_KEY"; }

${lines.join('\n\n')}

All of it is gone when you stop with Ctrl-C.`;
}

function csv(path: string): string {
  return `${path.includes('?') ? '&' : '?'}format=csv`;
}
