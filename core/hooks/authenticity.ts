import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { verifyKey } from '../access/keys.ts';
import { keySecrets } from '../access/secrets.ts';
import { isRevoked } from '../access/standing.ts';
import type { RawBody } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import type { Authenticity } from './mapping.ts';
import { textOf, valueAt } from './path.ts';

/** How far a signed time may be from ours, either way. */
const toleranceMs = 5 * 60 * 1000;

/** What a request is checked against. */
export interface Checked {
  readonly source: string;
  readonly authenticity: Authenticity;
  readonly secrets: readonly string[];
  readonly now: string;
}

type Of<Kind extends Authenticity['kind']> = Extract<Authenticity, { kind: Kind }>;

/**
 * Is this what the source sent? The id of a signed message, where there is one. Throws a Problem
 * of 401, which does not say why. A secret in the body is not looked at here: see `checkSecretIn`.
 */
export async function checkSender(raw: RawBody, checked: Checked): Promise<string | undefined> {
  const { authenticity } = checked;
  switch (authenticity.kind) {
    case 'key':
      return check(await hasKey(raw, checked.source));
    case 'secret':
      if (authenticity.in === 'body') return undefined;
      return check(isSecret(sentSecret(raw, authenticity), checked.secrets));
    case 'hmac':
      return check(isSigned(raw, authenticity, checked));
    case 'standard-webhooks':
      check(isStandardWebhook(raw, checked));
      return raw.headers['webhook-id'];
  }
}

/** The same for a secret that stands in the body, once that is read. */
export function checkSecretIn(submission: unknown, checked: Checked): void {
  const { authenticity, secrets } = checked;
  if (authenticity.kind !== 'secret' || authenticity.in !== 'body') return;
  check(isSecret(textOf(valueAt(submission, authenticity.name)), secrets));
}

function check(isTheirs: boolean): undefined {
  if (!isTheirs) throw new Problem(401, 'This hook does not know the sender.');
}

async function hasKey({ headers }: RawBody, source: string): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const key = token === undefined ? undefined : verifyKey(token, await keySecrets());
  if (!key?.scopes.includes('leads:write')) return false;
  if (key.source !== undefined && key.source !== source) return false;
  return !(await isRevoked(key.id));
}

function sentSecret({ headers, query }: RawBody, { in: place, name }: Of<'secret'>) {
  return place === 'header' ? headers[name] : (query.get(name) ?? undefined);
}

/** By their hashes, which are of one length, in constant time. */
function isSecret(given: string | undefined, secrets: readonly string[]): boolean {
  if (given === undefined) return false;
  const hash = sha256(given);
  return anyOf(secrets, (secret) => timingSafeEqual(sha256(secret), hash));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Looks at all of them, so that the time does not tell which one it was. */
function anyOf(secrets: readonly string[], matches: (secret: string) => boolean): boolean {
  return secrets.map(matches).includes(true);
}

function isSigned(raw: RawBody, how: Of<'hmac'>, { secrets, now }: Checked): boolean {
  const given = raw.headers[how.header]?.trim();
  const prefix = how.prefix ?? '';
  if (!given?.startsWith(prefix)) return false;
  const time = how.timestamp_header ? raw.headers[how.timestamp_header] : '';
  if (how.timestamp_header && !isRecent(time, now)) return false;
  const before = how.timestamp_header ? `${time}${how.separator ?? ''}` : '';
  const signature = Buffer.from(given.slice(prefix.length), how.encoding);
  return anyOf(secrets, (secret) =>
    isMac(signature, { algorithm: how.algorithm, key: secret, parts: [before, raw.bytes] }),
  );
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function isStandardWebhook({ headers, bytes }: RawBody, { secrets, now }: Checked): boolean {
  const messageId = headers['webhook-id'];
  const time = headers['webhook-timestamp'];
  if (!messageId || !/^\d{1,10}$/.test(time ?? '') || !isRecent(time, now)) return false;
  const parts = [`${messageId}.${time}.`, bytes];
  const signatures = (headers['webhook-signature'] ?? '')
    .split(/[ ,]+(?=v\d+[a-z]?,)/)
    .filter((one) => one.startsWith('v1,'))
    .slice(0, 10)
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  return anyOf(secrets, (secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return signatures
      .map((signature) => isMac(signature, { algorithm: 'sha256', key, parts }))
      .includes(true);
  });
}

/** Seconds since 1970, or milliseconds as Webflow has them. */
function isRecent(time: string | undefined, now: string): boolean {
  if (!time || !/^\d{9,13}$/.test(time)) return false;
  const sentAt = Number(time) * (time.length > 11 ? 1 : 1000);
  return Math.abs(Date.parse(now) - sentAt) <= toleranceMs;
}

function isMac(
  signature: Buffer,
  of: { algorithm: string; key: string | Buffer; parts: readonly (string | Buffer)[] },
): boolean {
  const mac = createHmac(of.algorithm, of.key);
  for (const part of of.parts) mac.update(part);
  const expected = mac.digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}
