import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Scope } from '../catalogue/routes.ts';

/** All scopes a key can carry. */
export const scopes = [
  'reports:read',
  'leads:write',
  'events:write',
  'admin',
] as const satisfies readonly Scope[];

/** What every key made by `createKey` is called. */
export const keyId = z.string().check(z.regex(/^key_[0-9a-f]{16}$/, 'is not the id of a key'));

/** Reports and lists are the whole workspace's: who is bound to one source cannot have them. */
export const oneSource = z.refine<{ source?: string | undefined; scopes: readonly Scope[] }>(
  ({ source, scopes: given }) =>
    source === undefined || !given.some((scope) => scope === 'reports:read' || scope === 'admin'),
  {
    path: ['scopes'],
    message: 'of a key of one source can be leads:write and events:write, and nothing else',
  },
);

const payloadSchema = z
  .strictObject({
    id: z.string().check(z.minLength(1), z.maxLength(64)),
    first_id: z.optional(keyId),
    scopes: z.array(z.enum(scopes)).check(z.minLength(1)),
    source: z.optional(z.string()),
  })
  .check(oneSource);

/**
 * What a key says: its id, what it may do, where it is bound to one its source, and where it took
 * the place of another the first key of that line.
 */
export type KeyPayload = z.infer<typeof payloadSchema>;

/** The workspace's signing secrets: the second one is valid too while keys are rotated. */
export type KeySecrets = readonly string[];

const secretText = z.string().check(z.minLength(32));
const secretsSchema = z.object({ current: secretText, previous: z.optional(secretText) });

const form = /^lp_([A-Za-z0-9_-]{1,2048})_([A-Za-z0-9_-]{43})$/;

/** An id for a new key. */
export function newKeyId(): string {
  return `key_${randomBytes(8).toString('hex')}`;
}

/** A new key with an id of its own. */
export function createKey(payload: Omit<KeyPayload, 'id'>, secret: string): string {
  return signKey({ id: newKeyId(), ...payload }, secret);
}

/**
 * The key that says this, `lp_<payload>_<mac>`: base64url JSON, and HMAC-SHA256 of it by the
 * workspace's secret.
 */
export function signKey(payload: KeyPayload, secret: string): string {
  const checked = payloadSchema.parse(payload);
  const encoded = Buffer.from(JSON.stringify(checked)).toString('base64url');
  return `lp_${encoded}_${macOf(encoded, secret).toString('base64url')}`;
}

/** The id a key says it has, whoever signed it; undefined where it is no key. */
export function idOf(key: string): string | undefined {
  const payload = payloadSchema.safeParse(readJson(form.exec(key)?.[1] ?? ''));
  return payload.success ? payload.data.id : undefined;
}

/** What the key says if one of the secrets signed it, else undefined. Pure computation. */
export function verifyKey(key: string, secrets: KeySecrets): KeyPayload | undefined {
  const [, encoded, mac] = form.exec(key) ?? [];
  if (encoded === undefined || mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const signed = secrets.some((secret) => {
    const expected = macOf(encoded, secret);
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (!signed) return undefined;
  const payload = payloadSchema.safeParse(readJson(encoded));
  return payload.success ? payload.data : undefined;
}

/** The secrets in the JSON `{"current": "…", "previous": "…"}`, each of at least 32 characters. */
export function parseKeySecrets(text: string): KeySecrets {
  const { current, previous } = secretsSchema.parse(JSON.parse(text));
  return previous ? [current, previous] : [current];
}

function macOf(encoded: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(encoded).digest();
}

function readJson(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
