import readHookSql from '../../sql/hooks/read-hook.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { unlessAway } from '../queue/breaker.ts';
import type { Authenticity, Mapping } from './mapping.ts';

/** How a source's submissions are read, and what shows that they are its own. */
export interface Hook {
  readonly mapping: Mapping;
  readonly authenticity: Authenticity;
  readonly secrets: readonly string[] | null;
}

/** How long a hook is used before it is read again: a change is seen after this at the latest. */
const keptMilliseconds = 60_000;
/** How long a lead may wait for a newer reading than the one that is there. */
const patienceMilliseconds = 1000;
/** The one read longest ago makes room. */
const most = 500;

const kept = new Map<string, { hook: Hook; readAt: number }>();

/**
 * The hook of a source; undefined where there is none, or it is switched off. An old reading is
 * kept over an outage, so that a lead can be taken in while the database is away. `at` is now, in
 * milliseconds. Throws DatabaseError where there is none.
 */
export async function hookOf(source: string, at: number): Promise<Hook | undefined> {
  const known = kept.get(source);
  if (known && at - known.readAt < keptMilliseconds) return known.hook;
  try {
    const reading = readHook(source);
    const hook = await (known ? inTime(reading) : reading);
    keep(source, { hook, readAt: at });
    return hook;
  } catch (error) {
    if (!known) throw error;
    keep(source, { ...known, readAt: at });
    return known.hook;
  }
}

/** The hook of a source as it is now. Throws DatabaseError, at once while the database is away. */
export async function readHook(source: string): Promise<Hook | undefined> {
  const [hook] = await unlessAway(() => query<Hook & object>(readHookSql, { source }, 'write'));
  return hook;
}

async function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no reading in time')), patienceMilliseconds);
  });
  return Promise.race([reading, cut]).finally(() => clearTimeout(timer));
}

/** What has no hook is asked for each time: it could be made the next moment. */
function keep(source: string, { hook, readAt }: { hook?: Hook | undefined; readAt: number }): void {
  kept.delete(source);
  if (!hook) return;
  kept.set(source, { hook, readAt });
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
