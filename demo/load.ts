import { query } from '../core/database/client.ts';
import { type Address, ask, refusalOf } from '../transfer/api.ts';
import { tryOut } from './try-out.ts';
import { splitAt, type Year } from './year.ts';

interface Result {
  readonly status: number;
  readonly problem?: { readonly detail: string };
}

/** As many as a batch takes. */
const mostItems = 1000;
/** Batches under way: the database works on some while others are read and checked. */
const lanes = 3;

/**
 * Loads what had happened by the year's end, into a database that is new. Throws a sentence where
 * something is refused.
 */
export async function loadYear(address: Address, year: Year, end: number): Promise<void> {
  const leads = splitAt(year.leads, end).before;
  const events = splitAt(year.events, end).before;
  await sendAll(address, '/v1/agents/batch', year.agents);
  await sendAll(address, '/v1/skills/batch', year.skills);
  // An original is there before its duplicates.
  const originals = leads.filter((lead) => !lead.duplicate_of);
  await sendAll(address, '/v1/leads/batch', originals.slice(0, mostItems));
  // Plans made while a table is empty read all of it for ever: 2.6 of 15.4 s of PostgreSQL's work.
  await query('analyze');
  await sendAll(address, '/v1/leads/batch', originals.slice(mostItems));
  await sendAll(
    address,
    '/v1/leads/batch',
    leads.filter((lead) => lead.duplicate_of),
  );
  // All events of a lead in one batch, so that the lead is derived once: 1.5 s less.
  const byLead = events.toSorted((one, other) => (one.lead_id < other.lead_id ? -1 : 1));
  await sendAll(address, '/v1/events/batch', byLead);
  const known = new Set(events.map(({ id }) => id));
  for (const { event_id, ...body } of year.voids) {
    if (known.has(event_id)) await send(address, 'POST', `/v1/events/${event_id}/void`, body);
  }
  await Promise.all([
    sendAll(address, '/v1/spend/batch', year.spend, 'PUT'),
    query('analyze').then(() => tryOut(year.trials, end)),
  ]);
  await query('analyze');
}

/** Sends items in batches. Throws a sentence where one of them is refused. */
export async function sendAll(
  address: Address,
  path: string,
  items: readonly object[],
  method: 'POST' | 'PUT' = 'POST',
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / mostItems) }, (_, place) =>
    items.slice(place * mostItems, (place + 1) * mostItems),
  );
  const lane = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const { results } = await send(address, method, path, { items: batch });
      const refused = results.find(({ status }) => status >= 300);
      if (refused) throw new Error(`${path} refused an item: ${refused.problem?.detail}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function send(address: Address, method: 'POST' | 'PUT', path: string, body: object) {
  const request = { method, path, body: JSON.stringify(body) };
  const answer = await ask(address, request);
  if (answer.status !== 200) throw new Error(refusalOf(address, request, answer));
  return answer.body as { readonly results: readonly Result[] };
}
