import { DatabaseError, isOutage } from '../database/errors.ts';

const openMs = 5000;

let openUntil = 0;

/**
 * What the database answers; while it is away nobody waits for it, and then this throws at once, as
 * it would: a DatabaseError that is an outage.
 */
export async function unlessAway<T>(ask: () => Promise<T>): Promise<T> {
  if (!mayTry()) throw new DatabaseError('away', 'passed by: it was away a moment ago', undefined);
  try {
    const answer = await ask();
    noteBack();
    return answer;
  } catch (error) {
    if (!isOutage(error)) noteBack();
    else if (error.failure === 'away' || error.failure === 'resuming') noteAway();
    throw error;
  }
}

/** The database answered. */
export function noteBack(): void {
  openUntil = 0;
}

/** The database was away. */
function noteAway(): void {
  openUntil = Date.now() + openMs;
}

/**
 * Whether the database may be tried: for 5 seconds after it was away it is not, and then by one
 * request first, while the others still pass it by. Kept per process, as Lambda keeps it.
 */
function mayTry(): boolean {
  if (openUntil === 0) return true;
  if (Date.now() < openUntil) return false;
  openUntil = Date.now() + openMs;
  return true;
}
