import * as z from 'zod/mini';
import { scopes } from '../access/keys.ts';
import { standing } from '../access/standing.ts';
import { DatabaseError } from '../database/errors.ts';
import { settings } from '../settings.ts';
import { isSendersOwn } from './mapping.ts';
import { ownOnly, type Received, type SentKey } from './received.ts';

/** A submission as it waits in the queue. */
const form = z.strictObject({
  id: z.guid(),
  source: z.string(),
  received_at: z.iso.datetime(),
  /** In base64: whatever bytes they are, a third more. */
  body: z.base64(),
  headers: z.record(z.string(), z.string()),
  parameters: z.array(z.tuple([z.string(), z.string()])),
  key: z.optional(
    z.strictObject({
      id: z.string(),
      scopes: z.array(z.enum(scopes)),
      source: z.optional(z.string()),
    }),
  ),
});

/** A submission as it waits in the queue. */
export type WaitingSubmission = z.infer<typeof form>;

/**
 * What waits of a submission: all that its hook, once it can be read, may ask for. `key` was
 * checked, and is kept by what it says: with it alone nobody can send anything.
 */
export function waitingOf(received: Received, key: SentKey | undefined): WaitingSubmission {
  const { id, source, received_at, bytes, headers, parameters } = received;
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || !isSendersOwn(name) || isOurs(value) ? [] : [[name, value]],
  );
  return {
    id,
    source,
    received_at,
    body: bytes.toString('base64'),
    headers: Object.fromEntries(kept),
    parameters: parameters.map(([name, sha256]) => [name, sha256]),
    ...(key && { key: { id: key.id, scopes: key.scopes, source: key.source } }),
  };
}

/** The submission that waited; undefined where this is none. */
export function waitedOf(item: unknown): Received | undefined {
  const { data } = form.safeParse(item);
  if (!data) return undefined;
  const { body, key, headers, ...others } = data;
  return {
    ...others,
    headers: ownOnly(headers),
    bytes: Buffer.from(body, 'base64'),
    key: async () => key && whenKnown(key),
  };
}

/** Once the database is back it can be known who is revoked: until then it is waited for. */
async function whenKnown(key: SentKey): Promise<SentKey> {
  if (await standing()) return key;
  throw new DatabaseError('away', 'nobody knows yet which keys are revoked', undefined);
}

/** A key of ours, or a token of the people's sign-in, whatever header it came in. */
function isOurs(value: string): boolean {
  if (/\blp_[\w-]+_[\w-]{43}/.test(value)) return true;
  const [, claims] = /\bey[\w-]+\.(ey[\w-]+)\.[\w-]+/.exec(value) ?? [];
  if (claims === undefined) return false;
  const issuer = settings().TOKEN_ISSUER ?? '';
  return Buffer.from(claims, 'base64url').toString('utf8').includes(`"iss":"${issuer}"`);
}
