import { writeItems } from '../batches/write-items.ts';
import { DatabaseError, isOutage } from '../database/errors.ts';
import type { QueueRecord } from '../jobs/stack.ts';
import { count } from '../metrics.ts';
import { comeAgain } from './leases.ts';
import { type QueuedKind, type QueueMessage, readMessage } from './message.ts';
import { sendToDeadLetters } from './queue.ts';

/** How long what an event or a lead refers to may take to arrive itself. */
const dependencyMs = 60 * 60 * 1000;
/** An outage is asked about again after 5 to 30 seconds, not by all at once. */
const outageSeconds = () => 5 + Math.round(Math.random() * 25);
/** What it refers to is most often right behind it. */
const dependencySeconds = (waitedMs: number) => (waitedMs < 60_000 ? 2 : 30);

interface Arrived extends QueueRecord {
  readonly message: QueueMessage;
}

/** What became of a record: stored, to come again in a while, or never to be stored, and why. */
type Verdict = 'stored' | { readonly againIn: number } | { readonly poison: string };

/**
 * Stores what waited in the queue, by the same SQL as requests. What cannot be stored now comes
 * again; what can never be is put aside with the reason. Answers which records stay in the queue:
 * none is lost when this is cut off anywhere, and one that comes twice is there already.
 */
export async function storeQueued(records: readonly QueueRecord[], now: string) {
  const verdicts = new Map<QueueRecord, Verdict>();
  const arrived: Arrived[] = [];
  for (const record of records) {
    const message = readMessage(record.body);
    if (message) arrived.push({ ...record, message });
    else verdicts.set(record, { poison: 'not_a_message' });
  }
  const byId = new Map(records.map((record) => [record.messageId, record]));
  // Leads first: what happened to them may be in the same batch.
  for (const kind of ['leads', 'events'] satisfies QueuedKind[]) {
    for (const group of groupsOf(arrived.filter(({ message }) => message.kind === kind))) {
      for (const [messageId, verdict] of await stored(kind, group, now)) {
        const record = byId.get(messageId);
        if (record) verdicts.set(record, verdict);
      }
    }
  }
  return settled(verdicts);
}

/** A call of the SQL is one caller's: what a key or an agent may know of holds for all items. */
function groupsOf(records: readonly Arrived[]): Iterable<Arrived[]> {
  return Map.groupBy(records, ({ message: { item } }) =>
    JSON.stringify([item.only_source, item.viewer_agent_id]),
  ).values();
}

async function stored(
  kind: QueuedKind,
  records: readonly Arrived[],
  now: string,
): Promise<Map<string, Verdict>> {
  if (records.length === 0) return new Map();
  const items = records.map(({ message }, index) => ({ ...message.item, index }));
  try {
    const rows = await writeItems(kind, items, { now });
    return new Map(
      rows.map((row) => {
        const record = records[row.index] as Arrived;
        return [record.messageId, verdictOf(row, record, now)];
      }),
    );
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    // What the whole call is refused for, and an error that nobody knows, may be one item's: alone
    // it holds up no other.
    const isOfAll = isOutage(error) && error.failure !== 'broken';
    if (!isOfAll && records.length > 1) return oneByOne(kind, records, now);
    const verdict = isOutage(error) ? { againIn: outageSeconds() } : poisonOf(error);
    return new Map(records.map(({ messageId }) => [messageId, verdict]));
  }
}

/** Refused before the item was looked at, as U+0000 is by the cast to jsonb. */
function poisonOf({ constraint, sqlState, failure }: DatabaseError): Verdict {
  return { poison: constraint ?? sqlState ?? failure };
}

async function oneByOne(kind: QueuedKind, records: readonly Arrived[], now: string) {
  const verdicts = new Map<string, Verdict>();
  for (const record of records) {
    for (const entry of await stored(kind, [record], now)) verdicts.set(...entry);
  }
  return verdicts;
}

function verdictOf(
  row: { sqlstate: string | null; violated: string | null },
  record: Arrived,
  now: string,
): Verdict {
  if (row.sqlstate === null) return 'stored';
  const waited = Date.parse(now) - record.sentAt;
  if (row.sqlstate === '23503' && waited < dependencyMs) {
    return { againIn: dependencySeconds(waited) };
  }
  return { poison: row.violated ?? row.sqlstate };
}

async function settled(verdicts: ReadonlyMap<QueueRecord, Verdict>) {
  const again = new Map<QueueRecord, number>();
  let poison = 0;
  for (const [record, verdict] of verdicts) {
    if (verdict === 'stored') continue;
    // It stays in the queue until it is safe among the dead letters.
    if ('againIn' in verdict) again.set(record, verdict.againIn);
    else if (await isPutAside(record, verdict.poison)) poison += 1;
    else again.set(record, outageSeconds());
  }
  // Where this fails they come again when their lease is over: later, and still.
  await comeAgain(
    [...again].map(([{ receiptHandle }, seconds]) => ({ receiptHandle, seconds })),
  ).catch(() => undefined);
  const outcome = { stored: verdicts.size - again.size - poison, again: again.size, poison };
  count('QueueStored', outcome.stored);
  count('QueueAgain', outcome.again);
  count('QueuePutAside', outcome.poison);
  return { failed: [...again.keys()].map(({ messageId }) => messageId), outcome };
}

function isPutAside({ body }: QueueRecord, reason: string): Promise<boolean> {
  return sendToDeadLetters(body, reason).then(
    () => true,
    () => false,
  );
}
