import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from '../core/database/errors.ts';
import { migrate } from '../core/migration/migrate.ts';
import type { Log } from './postgres/programs.ts';

const betweenTriesMs = 2000;

/**
 * Brings the database up to date: now, or, where it is away and there is somebody to tell, once it
 * is back. Until then leads wait in the queue. `done` rejects with what no waiting would mend.
 */
export async function bringUpToDate(
  log?: Log,
): Promise<{ done: Promise<void>; close(): Promise<void> }> {
  const stopping = new AbortController();
  try {
    await migrate();
    return { done: Promise.resolve(), close: async () => undefined };
  } catch (error) {
    if (!log || !isAway(error)) throw error;
    log(
      `The database does not answer: ${error.message}\nLeads are taken in and wait until it does.`,
    );
  }
  const done = whenItIsBack(stopping.signal).then((isDone) => {
    if (isDone) log('The database answers, and is up to date.');
  });
  done.catch(() => undefined);
  return {
    done,
    async close() {
      stopping.abort();
      await done.catch(() => undefined);
    },
  };
}

async function whenItIsBack(signal: AbortSignal): Promise<boolean> {
  for (;;) {
    await pause(betweenTriesMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
    try {
      await migrate();
      return true;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
}

/** A password that is wrong stays wrong. */
function isAway(error: unknown): error is DatabaseError {
  if (!(error instanceof DatabaseError) || error.sqlState?.startsWith('28')) return false;
  return error.failure === 'away' || error.failure === 'resuming';
}
