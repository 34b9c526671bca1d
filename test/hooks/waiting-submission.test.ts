import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createKey } from '../../core/access/keys.ts';
import { receivedNow } from '../../core/hooks/received.ts';
import { waitedOf, waitingOf } from '../../core/hooks/waiting-submission.ts';
import { readMessage, writeMessage } from '../../core/queue/message.ts';
import { anyText } from '../setup/any-input.ts';
import { waiting } from '../setup/waiting.ts';

const now = new Date().toISOString();
const bytes = fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given));
const headers = fc.dictionary(
  fc.constantFrom('content-type', 'x-signature', 'idempotency-key', 'constructor'),
  anyText(30),
);

test('a submission that waits brings each byte and header to where it is read', () => {
  fc.assert(
    fc.property(bytes, headers, anyText(30), anyText(30), (body, given, name, value) => {
      const raw = { bytes: body, headers: given, query: new URLSearchParams([[name, value]]) };
      const received = receivedNow(raw, { source: name.toLowerCase(), now });
      const text = writeMessage('submissions', waitingOf(received, undefined));
      expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/);
      const { key: _, ...sent } = received;
      const { key: __, ...read } = waitedOf(readMessage(text)?.item) ?? { key: undefined };
      expect(read).toEqual(sent);
    }),
    { numRuns: 300 },
  );
});

test('it holds no key, no cookie, nothing of a browser, and of the address only hashes', () => {
  const key = createKey({ scopes: ['leads:write'] }, 'a'.repeat(64));
  const authorization = `Bearer ${key}`;
  const secret = 'a-key-of-our-own';
  const browser = {
    cookie: 'session=1',
    'user-agent': 'Quillonia 1.0',
    referer: 'https://example.com/?who=quillonia',
    'x-forwarded-for': '192.0.2.7',
    'accept-language': 'quillonian',
  };
  const kept = waiting('form', {
    headers: { authorization, ...browser, 'x-api-key': 'needed' },
    query: `token=${secret}&name=quillonia-vexworth`,
    key: { id: 'key_0', scopes: ['leads:write'] },
  });
  expect(Object.keys(kept.headers)).toEqual(['content-type', 'x-api-key']);
  const text = JSON.stringify(kept);
  expect(text).not.toContain(key);
  expect(text).not.toContain(secret);
  expect(text).not.toMatch(/quillonia|192\.0\.2/i);
});

test('with 32 KB of any bytes and all the headers that API Gateway lets through it fits', () => {
  const pairs = Array.from({ length: 1000 }, (_, index) => `${index}=12345678`).join('&');
  const query = pairs.slice(0, 10 * 1024);
  const headers = { 'x-signature': '\u00ff'.repeat(10 * 1024) };
  for (const byte of [0, 0x22, 0xff]) {
    const body = Buffer.alloc(32 * 1024, byte);
    const text = writeMessage('submissions', waiting('é'.repeat(200), { body, query, headers }));
    expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
  }
});

test('no key of ours or token of the sign-in waits, whatever header it came in', async () => {
  const issuer = 'https://sign-in.example/pool';
  const surroundings = {
    DATABASE_CLUSTER_ARN: 'arn:aws:rds:us-east-1:0:cluster:x',
    DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:0:secret:x',
    TOKEN_ISSUER: issuer,
  };
  for (const [name, value] of Object.entries(surroundings)) vi.stubEnv(name, value);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256' });
  const tokenOf = (iss: string) => `${head}.${part({ iss, sub: 'ada' })}.c2ln`;
  const key = `lp_${'a'.repeat(20)}_${'b'.repeat(43)}`;
  const headers = {
    authorization: `Bearer ${tokenOf(issuer)}`,
    'x-forward-authorization': `Bearer ${key}`,
    'x-theirs': `Bearer ${tokenOf('https://another.example')}`,
  };
  expect(Object.keys(waiting('any', { headers }).headers)).toEqual(['content-type', 'x-theirs']);
  vi.unstubAllEnvs();
});

test('a header that every object has is none that was sent', () => {
  const { headers } = waitedOf(waiting('any', {})) ?? {};
  expect(headers?.constructor).toBeUndefined();
});
