import { setTimeout as pause } from 'node:timers/promises';
import { routes } from '../core/catalogue/routes.ts';

/** Where a leadpulse is, and the key to it. */
export interface Address {
  readonly url: string;
  readonly key: string;
}

/** One request. It may be sent twice: whatever it writes has its identity in itself. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With its query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds to wait in all for a server that is busy or away. */
  readonly patienceMs?: number;
  /** The first request of all: nobody at this address is a mistake in it, not an outage. */
  readonly first?: boolean;
  /** Told before each wait, with the reason. */
  readonly onWait?: (why: string) => void;
}

/** An answer that is no reason to wait. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed, where it is JSON. */
  readonly body: unknown;
}

/** Two minutes: a paused database takes half of one, a deployment less than that. */
export const longPatienceMs = 120_000;

const requestTimeoutMs = 60_000;
const busy = [408, 429, 502, 503, 504];

/**
 * Sends a request, again while the server is busy or away. Throws a sentence when it stays so, or
 * the signal's reason.
 */
export async function ask(address: Address, request: Request): Promise<Answer> {
  const { signal, patienceMs = longPatienceMs, onWait } = request;
  let waited = 0;
  for (let attempt = 0; ; attempt++) {
    const answer = await askOnce(address, request);
    if ('body' in answer) return answer;
    signal?.throwIfAborted();
    const left = patienceMs - waited;
    const wait = Math.min(answer.retryAfterMs ?? Math.min(1000 * 2 ** attempt, 30_000), left);
    const isLost = left <= 0 || (request.first && answer.isAway);
    if (isLost) throw new Error(`${address.url} ${answer.why}.`);
    onWait?.(answer.why);
    await pause(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
    waited += wait;
  }
}

/** What a person hears of an answer that refuses the whole request. */
export function refusalOf({ url }: Address, request: Request, { status, body }: Answer): string {
  const [path] = request.path.split('?');
  if (status === 401 || status === 403) {
    const route = routes.find((known) => known.method === request.method && known.path === path);
    return `${url} refuses this key: it is not one of its own, or lacks "${route?.access}".`;
  }
  if (status === 404 || status === 405) {
    return `${url} has no ${path}: it is no leadpulse, or an older one.`;
  }
  const { detail, message, request_id } = (body ?? {}) as Record<string, unknown>;
  const trace = request_id === undefined ? '' : `, request ${request_id}`;
  return `${url} answered ${status}${trace}: ${detail ?? message ?? 'nothing more'}`;
}

interface Delay {
  readonly why: string;
  readonly isAway: boolean;
  readonly retryAfterMs?: number | undefined;
}

async function askOnce({ url, key }: Address, request: Request): Promise<Answer | Delay> {
  const { method, path, body, signal } = request;
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  try {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text();
    const { status, headers } = response;
    if (!busy.includes(status)) return { status, headers, text, body: parsed(text) };
    const retryAfterMs = millisecondsOf(headers.get('retry-after'));
    return { why: `is busy (${status})`, isAway: false, retryAfterMs };
  } catch (error) {
    signal?.throwIfAborted();
    const { cause, name } = error as { cause?: NodeJS.ErrnoException; name: string };
    return { why: `cannot be reached (${cause?.code ?? cause?.message ?? name})`, isAway: true };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A minute at most: a later retry finds out by itself. */
function millisecondsOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter);
  if (retryAfter === null || !Number.isFinite(seconds) || seconds < 0) return undefined;
  return Math.min(seconds, 60) * 1000;
}
