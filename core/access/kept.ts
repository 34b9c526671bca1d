import { logger } from '../log.ts';

/** What was read, fresh or kept from before; undefined while nothing could be read yet. */
export type Kept<T> = (freshMs?: number) => Promise<T | undefined>;

/**
 * Reads anew what is older than `freshMs`, or than a call asks for, once for all who wait. What
 * cannot be read is tried again after `againMs`; until then, and over the whole outage, the old
 * reading serves.
 */
export function kept<T>(options: {
  name: string;
  freshMs: number;
  againMs: number;
  read: () => Promise<T>;
}): Kept<T> {
  const { name, againMs, read } = options;
  let value: T | undefined;
  let readAt = -Infinity;
  let triedAt = -Infinity;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    triedAt = Date.now();
    try {
      value = await read();
      readAt = triedAt;
    } catch (error) {
      const { name: error_name } = error instanceof Error ? error : { name: 'unknown' };
      logger.error('not read', { what: name, error_name, has_older: value !== undefined });
    } finally {
      reading = undefined;
    }
  }

  return async (freshMs = options.freshMs) => {
    const now = Date.now();
    const isDue = now - readAt >= freshMs && now - triedAt >= againMs;
    if (reading || isDue) {
      reading ??= refresh();
      await reading;
    }
    return value;
  };
}
