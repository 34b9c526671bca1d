import { createHmac, timingSafeEqual } from 'node:crypto';
import { isRevoked } from '../access/standing.ts';
import { Problem } from '../http/problem.ts';
import type { Authenticity } from './mapping.ts';
import { textOf, valueAt } from './path.ts';
import { type Received, type SentKey, sha256 } from './received.ts';

/** How far a signed time may be from when the request came in, either way. */
const toleranceMs = 5 * 60 * 1000;

/** What a request is checked against. */
export interface Proof {
  readonly authenticity: Authenticity;
  readonly secrets: readonly string[] | null;
}

type Of<Kind extends Authenticity['kind']> = Extract<Authenticity, { kind: Kind }>;

/**
 * Is this what the source sent? The id of a signed message, where there is one. Throws a Problem
 * of 401, which does not say why. A secret in the body is not looked at here: see `checkSecretIn`.
 */
export async function checkSender(received: Received, proof: Proof): Promise<string | undefined> {
  const { authenticity } = proof;
  const secrets = proof.secrets ?? [];
  switch (authenticity.kind) {
    case 'key':
      await checkKey(received);
      return undefined;
    case 'secret':
      if (authenticity.in === 'body') return undefined;
      return check(isSecret(sentSecret(received, authenticity), secrets));
    case 'hmac':
      return check(isSigned(received, authenticity, secrets));
    case 'standard-webhooks':
      check(isStandardWebhook(received, secrets));
      return received.headers['webhook-id'];
    default:
      // As a later version may have stored it: nobody comes in by what is not understood.
      throw new Error('a hook has an authenticity of an unknown kind');
  }
}

/** The same for a secret that stands in the body, once that is read. */
export function checkSecretIn(submission: unknown, { authenticity, secrets }: Proof): void {
  if (authenticity.kind !== 'secret' || authenticity.in !== 'body') return;
  const text = textOf(valueAt(submission, authenticity.name));
  check(isSecret(text === undefined ? undefined : sha256(text), secrets ?? []));
}

/** The key of ours that a request came with, which may send to this source. Throws the same 401. */
export async function checkKey({ key, source, received_at }: Received): Promise<SentKey> {
  const sent = await key();
  if (!sent?.scopes.includes('leads:write')) throw unknownSender();
  if (sent.source !== undefined && sent.source !== source) throw unknownSender();
  if (await isRevoked(sent.id, Date.parse(received_at))) throw unknownSender();
  return sent;
}

function check(isTheirs: boolean): undefined {
  if (!isTheirs) throw unknownSender();
}

function unknownSender(): Problem {
  return new Problem(401, 'This hook does not know the sender.');
}

/** By its hash, which is all that is kept of a parameter. */
function sentSecret({ headers, parameters }: Received, { in: place, name }: Of<'secret'>) {
  if (place === 'header') return headers[name] === undefined ? undefined : sha256(headers[name]);
  const hash = parameters.find(([parameter]) => parameter === name)?.[1];
  return hash === undefined ? undefined : Buffer.from(hash, 'base64');
}

/** By their hashes, which are of one length, in constant time. */
function isSecret(hash: Buffer | undefined, secrets: readonly string[]): boolean {
  if (hash?.length !== 32) return false;
  return anyOf(secrets, (secret) => timingSafeEqual(sha256(secret), hash));
}

/** Looks at all of them, so that the time does not tell which one it was. */
function anyOf(secrets: readonly string[], matches: (secret: string) => boolean): boolean {
  return secrets.map(matches).includes(true);
}

function isSigned(received: Received, how: Of<'hmac'>, secrets: readonly string[]): boolean {
  const { headers, bytes, received_at } = received;
  const given = headers[how.header]?.trim();
  const prefix = how.prefix ?? '';
  if (!given?.startsWith(prefix)) return false;
  const time = how.timestamp_header ? headers[how.timestamp_header] : '';
  if (how.timestamp_header && !isRecent(time, received_at)) return false;
  const before = how.timestamp_header ? `${time}${how.separator ?? ''}` : '';
  const signature = Buffer.from(given.slice(prefix.length), how.encoding);
  return anyOf(secrets, (secret) =>
    isMac(signature, { algorithm: how.algorithm, key: secret, parts: [before, bytes] }),
  );
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function isStandardWebhook(received: Received, secrets: readonly string[]): boolean {
  const { headers, bytes, received_at } = received;
  const messageId = headers['webhook-id'];
  const time = headers['webhook-timestamp'];
  if (!messageId || !/^\d{1,10}$/.test(time ?? '')) return false;
  if (!isRecent(time, received_at)) return false;
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
function isRecent(time: string | undefined, receivedAt: string): boolean {
  if (!time || !/^\d{9,13}$/.test(time)) return false;
  const sentAt = Number(time) * (time.length > 11 ? 1 : 1000);
  return Math.abs(Date.parse(receivedAt) - sentAt) <= toleranceMs;
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
