import * as z from 'zod/mini';
import { answerOf, type Item, writeItem } from '../batches/write-items.ts';
import { DatabaseError, isOutage } from '../database/errors.ts';
import type { Answer, AnswerForm } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import { framesOf, logger } from '../log.ts';
import { unlessAway } from './breaker.ts';
import { type QueuedKind, type StoredKind, writeMessage } from './message.ts';

/** The answer of what is acknowledged and not stored yet. */
export const queuedForm: AnswerForm = {
  description:
    'Acknowledged and kept in a queue, since the database is away: stored under this id once it ' +
    'is back, or already stored if it came before',
  schema: z.strictObject({ id: z.uuid(), status: z.literal('queued') }),
};

/**
 * Stores an item in one call, or, where the database is away or says nothing in time, keeps it in
 * the queue. What is wrong with the item is said at once, never after an acknowledgement. Throws
 * DatabaseError where it is refused, and a Problem of 503 where neither can take it: then nothing
 * was acknowledged. `fresh`: nothing but this request names the item, so that one that is there
 * already came with a retry of this very request.
 */
export async function storeOrQueue(
  kind: StoredKind,
  item: Item & { id: string },
  request: { now: string; fresh: boolean; location(id: string): string },
): Promise<Answer> {
  const { now, fresh, location } = request;
  const answer = await unlessAway(async () => {
    const row = await writeItem(kind, item, now, 'write');
    const isNew = row.inserted || fresh;
    return answerOf(row, { isNew, location: location(row.id ?? item.id) });
  }).catch(outageOf);
  if (!(answer instanceof DatabaseError)) return answer;
  await keep(kind, { created_at: now, ...item }, answer);
  return {
    status: 202,
    headers: { location: location(item.id), 'retry-after': '5' },
    body: { id: item.id, status: 'queued' },
  };
}

/** An error that is an outage of the database; throws any other. */
export function outageOf(error: unknown): DatabaseError {
  if (isOutage(error)) return error;
  throw error;
}

/**
 * Keeps an item in the queue over an outage. Throws a Problem of 503 where that is away, too: then
 * nothing was acknowledged.
 */
export async function keep(kind: QueuedKind, item: Item & { id: string }, outage: DatabaseError) {
  const { failure, sqlState: sqlstate } = outage;
  const fields = { kind, id: item.id, failure, sqlstate };
  try {
    // Loaded where it is needed: 30 KB that a request which reaches the database does without.
    const { sendToQueue } = await import('./queue.ts');
    await sendToQueue(writeMessage(kind, item));
    logger.info('queued', fields);
  } catch (error) {
    const { name } = error as Error;
    logger.error('not queued', { ...fields, error_name: name, stack: framesOf(error) });
    throw new Problem(503, 'Nothing could be stored: the database and the queue are away.', {
      headers: { 'retry-after': '5' },
      cause: outage,
    });
  }
}
