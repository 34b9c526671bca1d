import { createHash } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { problemAt } from './problem.ts';
import type { HttpEvent } from './request.ts';

/**
 * What a request calls itself by its header `Idempotency-Key`, as SQL takes it: whose key it is and
 * on which route, and a hash of what was asked, by which a retry is told from another request.
 */
export interface RequestKey {
  readonly idempotency_scope: string;
  readonly idempotency_key: string;
  /** SHA-256 of path, query and canonical JSON, in hexadecimal digits. */
  readonly request_sha256: string;
}

/** What a key may be: 1 to 255 printable ASCII characters. */
export const requestKeyForm = /^[ -~]{1,255}$/;

/** The key of a request; undefined without the header. Throws a Problem where it is no key. */
export function requestKeyOf(
  event: HttpEvent,
  body: unknown,
  caller: string,
): RequestKey | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (!requestKeyForm.test(key)) {
    const detail = 'An Idempotency-Key has 1 to 255 printable ASCII characters.';
    throw problemAt(400, [{ pointer: '/header/idempotency-key', code: 'not_a_key', detail }]);
  }
  const asked = canonicalJson([event.rawPath, event.rawQueryString, body]);
  return {
    idempotency_scope: `${caller} ${event.routeKey}`,
    idempotency_key: key,
    request_sha256: createHash('sha256').update(asked).digest('hex'),
  };
}

/** JSON that is the same for the same values, in whatever order and with whatever spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** Namespace of ids made from a request's key. Never changes: replays depend on it. */
const requestNamespace = '0d9c4c52-7d0a-5b57-8c39-3d1f3c4a8e62';

/**
 * The id of what a request creates, chosen before it is written: the same for every replay of a
 * request with a key, a fresh one otherwise. Of what was asked, too: under a key that is used again
 * once it was forgotten, another request is another thing. `index`: its place in a batch.
 */
export function idOfRequest(key: RequestKey | undefined, index = 0): string {
  if (!key) return v7();
  const { idempotency_scope, idempotency_key, request_sha256 } = key;
  const name = JSON.stringify([idempotency_scope, idempotency_key, request_sha256, index]);
  return v5(name, requestNamespace);
}
