import { poison } from './queues.ts';
import type { Run } from './scenarios.ts';
import type { World } from './world.ts';

/** What was promised against what is there. */
export interface Account {
  readonly offered: number;
  readonly acknowledged: number;
  /** Of the acknowledged, those that were told 202. */
  readonly queued: number;
  readonly stored: number;
  /** Leads or events that one offer has made beyond the first, and `created` events likewise. */
  readonly doubled: number;
  /** Acknowledged, and neither stored nor in the dead-letter queue. */
  readonly lost: number;
  /** Leads without a `created` event, and acknowledgements whose id is another offer's. */
  readonly mixed_up: number;
  /** In the dead-letter queue, beside the poison that was planted. */
  readonly dead: number;
  readonly refused_honestly: number;
  readonly unanswered: number;
  /** What a client should not have heard, and planted poison that was not put aside. */
  readonly wrong: readonly string[];
}

/** Draws up the account of a run; `left` are messages that the queue still holds. */
export async function accountOf(
  { database, queues }: Pick<World, 'database' | 'queues'>,
  run: Run & { left: number },
): Promise<Account> {
  const { seed, entries, tally, left } = run;
  const rows = await database.sql<{ id: string; offer: string }>(offersOf, [`${seed}-%`]);
  const stored = new Map(rows.map(({ id, offer }) => [id, offer]));
  const created = await database.sql<{ events: string }>(createdEvents, [`${seed}-%`]);
  const letters = await queues.deadLetters();
  const dead = letters.filter(({ body }) => !poison.includes(body));
  const isDead = (id: string) => dead.some(({ body }) => body.includes(id));
  const beyondOne = created.reduce((sum, { events }) => sum + Math.max(0, Number(events) - 1), 0);
  return {
    offered: tally.offered,
    acknowledged: tally.acknowledged,
    queued: tally.queued,
    stored: stored.size,
    doubled: rows.length - new Set(stored.values()).size + beyondOne,
    lost: entries.filter(({ id }) => !stored.has(id) && !isDead(id)).length,
    mixed_up:
      entries.filter(({ id, offer }) => (stored.get(id) ?? offer) !== offer).length +
      created.filter(({ events }) => Number(events) === 0).length,
    dead: dead.length,
    refused_honestly: tally.refused,
    unanswered: tally.unanswered,
    wrong: [
      ...tally.wrong,
      ...(left > 0 ? [`${left} messages are left in the queue`] : []),
      ...poison
        .filter((text) => !letters.some(({ body }) => body === text))
        .map((text) => `not put aside: ${text}`),
      ...dead.map(({ reason }) => `dead: ${reason}`).slice(0, 20),
    ],
  };
}

const offersOf = `
  select id, raw_data ->> 'offer' as offer
  from leads
  where raw_data ->> 'offer' like $1
  union all
  select id, details ->> 'offer'
  from lead_events
  where details ->> 'offer' like $1`;

const createdEvents = `
  select count(e.id) as events
  from leads l
  left join lead_events e on e.lead_id = l.id and e.event_type = 'created'
  where l.raw_data ->> 'offer' like $1
  group by l.id`;

/** The account as a table that a person reads. */
export function tableOf(rows: Readonly<Record<string, Account>>): string {
  const columns = [
    'offered',
    'acknowledged',
    'queued',
    'stored',
    'doubled',
    'lost',
    'mixed_up',
    'dead',
    'refused_honestly',
    'unanswered',
  ] as const;
  const lines = Object.entries(rows).map(
    ([name, account]) => `| ${name} | ${columns.map((column) => account[column]).join(' | ')} |`,
  );
  const head = columns.map((column) => column.replaceAll('_', ' ')).join(' | ');
  return [`| scenario | ${head} |`, `|---|${columns.map(() => '--:|').join('')}`, ...lines].join(
    '\n',
  );
}
