import { setTimeout as pause } from 'node:timers/promises';
import type { Address } from '../transfer/api.ts';
import { sendAll } from './load.ts';
import { byTime, splitAt, type Year } from './year.ts';

/** So much faster than the team's: an hour in 12 seconds. */
const speed = 300;
/** Nobody watches an empty night: a pause is no longer than this. */
const longestPauseMs = 4000;

/**
 * Lets what comes after the year's end happen, each thing now, over the HTTP API. Returns when
 * nothing more is known, or on the signal. What is refused does not keep the rest from happening.
 */
export async function goOn(options: {
  address: Address;
  year: Year;
  end: number;
  signal: AbortSignal;
  tell?: (kind: 'lead' | 'event') => void;
  refused: (error: Error) => void;
  faster?: number;
}): Promise<void> {
  const { address, year, end, signal, tell = () => undefined, refused, faster = 1 } = options;
  let last = end;
  for (const { kind, path, item } of comingOf(year, end)) {
    const { created_at, ...now } = item;
    const at = Date.parse(created_at);
    const wait = Math.min((at - last) / speed, longestPauseMs) / faster;
    last = at;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // Without its time, it happens when it comes in.
    await sendAll(address, path, [now]).then(() => tell(kind), refused);
  }
}

function comingOf(year: Year, end: number) {
  const leads = splitAt(year.leads, end).after.map((item) => ({
    ...{ kind: 'lead' as const, path: '/v1/leads/batch', item },
  }));
  const events = splitAt(year.events, end).after.map((item) => ({
    ...{ kind: 'event' as const, path: '/v1/events/batch', item },
  }));
  return [...leads, ...events].sort((one, other) => byTime(one.item, other.item));
}
