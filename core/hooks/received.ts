import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { type KeyPayload, verifyKey } from '../access/keys.ts';
import { keySecrets } from '../access/secrets.ts';
import type { RawBody } from '../http/endpoint.ts';

/** What a key of ours said that was sent along. */
export type SentKey = Pick<KeyPayload, 'id' | 'scopes' | 'source'>;

/**
 * A submission and whatever can show who sent it: as it came in just now, or as it waited in the
 * queue. What is checked and read of it is the same.
 */
export interface Received {
  /** The lead's, where nothing that was sent names it. */
  readonly id: string;
  readonly source: string;
  /** The moment that all of it is judged by. */
  readonly received_at: string;
  readonly bytes: Buffer;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** What the address carries, the first of each name: by hashes, since it may be a secret. */
  readonly parameters: readonly Parameter[];
  /** The key of ours that came with it, where one of our secrets signed it. */
  key(): Promise<SentKey | undefined>;
}

/** A parameter of the address: its name, and the SHA-256 of its value in base64. */
export type Parameter = readonly [name: string, sha256: string];

/** What just came in for a source. */
export function receivedNow(
  { bytes, headers, query }: RawBody,
  { source, now }: { source: string; now: string },
): Received {
  return {
    id: v7(),
    source,
    received_at: now,
    bytes,
    headers: ownOnly(headers),
    parameters: parametersOf(query),
    key: () => signedKey(headers.authorization),
  };
}

/** What was sent, and nothing that every object has: a hook may ask for a header `constructor`. */
export function ownOnly<T extends object>(headers: T): T {
  return Object.assign(Object.create(null), headers);
}

/** SHA-256 of a text. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** No secret is shorter: hooks/hook-mappings.ts. So many hashes fit into a message, too. */
const shortestSecret = 8;

function parametersOf(query: URLSearchParams): Parameter[] {
  const first = new Map<string, string>();
  for (const [name, value] of query) if (!first.has(name)) first.set(name, value);
  return [...first]
    .filter(([, value]) => value.length >= shortestSecret)
    .map(([name, value]) => [name, sha256(value).toString('base64')]);
}

async function signedKey(authorization = ''): Promise<SentKey | undefined> {
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  return token === undefined ? undefined : verifyKey(token, await keySecrets());
}
