import { type Item, writeItems } from '../batches/write-items.ts';
import { DatabaseError, isOutage } from '../database/errors.ts';
import { waitingReader } from '../hooks/read-waiting.ts';
import type { QueueRecord } from '../jobs/stack.ts';
import { count } from '../metrics.ts';
import { comeAgain } from './leases.ts';
import { readMessage, type StoredKind } from './message.ts';
import { sendToDeadLetters } from './queue.ts';

/** How long what an event or a lead refers to may take to arrive itself. */
const dependencyMs = 60 * 60 * 1000;
/** An outage is asked about again after 5 to 30 seconds, not by all at once. */
const outageSeconds = () => 5 + Math.round(Math.random() * 25);
/** What it refers to is most often right behind it. */
const dependencySeconds = (waitedMs: number) => (waitedMs < 60_000 ? 2 : 30);

/** A record, and what is to be stored of it. */
interface Arrived extends QueueRecord {
  readonly kind: StoredKind;
  readonly item: Item;
}

/**
 * What became of a record: stored; dropped, since whoever sent it may not; to come again in a
 * while; or never to be stored, and why.
 */
type Verdict = 'stored' | 'dropped' | { readonly againIn: number } | { readonly poison: string };

/**
 * Stores what waited in the queue, by the same SQL as requests. What cannot be stored now comes
 * again; what can never be is put aside with the reason. Answers which records stay in the queue:
 * none is lost when this is cut off anywhere, and one that comes twice is there already.
 */
export async function storeQueued(records: readonly QueueRecord[], now: string) {
  const verdicts = new Map<QueueRecord, Verdict>();
  const arrived: Arrived[] = [];
  const readWaiting = waitingReader();
  for (const record of records) {
    const opened = await open(record, readWaiting);
    if (typeof opened === 'object' && 'item' in opened) arrived.push(opened);
    else verdicts.set(record, opened);
  }
  const byId = new Map(records.map((record) => [record.messageId, record]));
  // Leads first: what happened to them may be in the same batch.
  for (const kind of ['leads', 'events'] satisfies StoredKind[]) {
    for (const group of groupsOf(arrived.filter((record) => record.kind === kind))) {
      for (const [messageId, verdict] of await stored(kind, group, now)) {
        const record = byId.get(messageId);
        if (record) verdicts.set(record, verdict);
      }
    }
  }
  return settled(verdicts, now);
}

/** What is to be stored of a record, or what became of it. */
async function open(
  record: QueueRecord,
  readWaiting: ReturnType<typeof waitingReader>,
): Promise<Arrived | Verdict> {
  const message = readMessage(record.body);
  if (!message) return { poison: 'not_a_message' };
  const { kind, item } = message;
  if (kind !== 'submissions') return { ...record, kind, item };
  const waited = await readWaiting(item);
  // Not among the dead letters: anybody can send anything, and those call a person.
  if (waited === 'refused') return 'dropped';
  if (waited === 'later') return { againIn: outageSeconds() };
  if (waited === 'unknown') return { poison: 'not_a_message' };
  return { ...record, kind: 'leads', item: waited.lead };
}

/** A call of the SQL is one caller's: what a key or an agent may know of holds for all items. */
function groupsOf(records: readonly Arrived[]): Iterable<Arrived[]> {
  return Map.groupBy(records, ({ item }) =>
    JSON.stringify([item.only_source, item.viewer_agent_id]),
  ).values();
}

async function stored(
  kind: StoredKind,
  records: readonly Arrived[],
  now: string,
): Promise<Map<string, Verdict>> {
  if (records.length === 0) return new Map();
  const items = records.map(({ item }, index) => ({ ...item, queued: true, index }));
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

async function oneByOne(kind: StoredKind, records: readonly Arrived[], now: string) {
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

async function settled(verdicts: ReadonlyMap<QueueRecord, Verdict>, now: string) {
  const again = new Map<QueueRecord, number>();
  const counts = { stored: 0, dropped: 0, poison: 0 };
  for (const [record, verdict] of verdicts) {
    // It stays in the queue until it is safe among the dead letters.
    if (typeof verdict === 'string') counts[verdict] += 1;
    else if ('againIn' in verdict) again.set(record, verdict.againIn);
    else if (await isPutAside(record, verdict.poison)) counts.poison += 1;
    else again.set(record, outageSeconds());
  }
  // Where this fails they come again when their lease is over: later, and still.
  await comeAgain(
    [...again].map(([{ receiptHandle }, seconds]) => ({ receiptHandle, seconds })),
  ).catch(() => undefined);
  const outcome = { ...counts, again: again.size };
  const oldest = Math.min(...[...again.keys()].map(({ sentAt }) => sentAt));
  if (again.size > 0) count('QueueWaitingMilliseconds', Date.parse(now) - oldest);
  count('QueueStored', outcome.stored);
  count('QueueAgain', outcome.again);
  count('QueueDropped', outcome.dropped);
  count('QueuePutAside', outcome.poison);
  return { failed: [...again.keys()].map(({ messageId }) => messageId), outcome };
}

function isPutAside({ body }: QueueRecord, reason: string): Promise<boolean> {
  return sendToDeadLetters(body, reason).then(
    () => true,
    () => false,
  );
}
