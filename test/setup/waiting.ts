import { receivedNow, type SentKey } from '../../core/hooks/received.ts';
import { waitingOf } from '../../core/hooks/waiting-submission.ts';

/** What was sent, and when it came in. */
export interface Waiting {
  body?: string | Buffer;
  headers?: Record<string, string>;
  query?: string;
  received?: string;
  key?: SentKey;
}

/** A submission as it waits, by when it came in. */
export function waiting(source: string, sending: Waiting) {
  const { body = '{}', headers = {}, query = '', received, key } = sending;
  const now = received ?? new Date().toISOString();
  const raw = {
    bytes: Buffer.from(body),
    headers: { 'content-type': 'application/json', ...headers },
    query: new URLSearchParams(query),
  };
  return waitingOf(receivedNow(raw, { source, now }), key);
}
