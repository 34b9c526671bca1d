const openMs = 5000;

let openUntil = 0;

/**
 * Whether the database may be tried: for 5 seconds after it was away it is not, and then by one
 * request first, while the others still pass it by. Kept per process, as Lambda keeps it.
 */
export function mayTry(): boolean {
  if (openUntil === 0) return true;
  if (Date.now() < openUntil) return false;
  openUntil = Date.now() + openMs;
  return true;
}

/** The database was away. */
export function noteAway(): void {
  openUntil = Date.now() + openMs;
}

/** The database answered. */
export function noteBack(): void {
  openUntil = 0;
}
