import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkSender } from '../../core/hooks/authenticity.ts';
import type { Authenticity } from '../../core/hooks/mapping.ts';
import { receivedNow } from '../../core/hooks/received.ts';

interface Request {
  body?: string;
  headers?: Record<string, string>;
  query?: string;
  now?: string;
}

/** Is a request what a source sent? The id of its message, or false. */
async function isSent(authenticity: Authenticity, secrets: string[], request: Request) {
  const { body = '', headers = {}, query = '', now = '2021-02-25T15:02:10.000Z' } = request;
  const raw = { bytes: Buffer.from(body), headers, query: new URLSearchParams(query) };
  const received = receivedNow(raw, { source: 'x', now });
  return checkSender(received, { authenticity, secrets }).then(
    (message) => message ?? true,
    (error) => {
      expect(error).toMatchObject({ status: 401, message: 'This hook does not know the sender.' });
      return false;
    },
  );
}

describe('Standard Webhooks', () => {
  // The example of the specification's own test suite.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const other = 'whsec_bm90IHRoZSBzZWNyZXQgeW91IHNlZWs=';
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  const body = '{"test": 2432232314}';
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  };
  const check = (given: Request, secrets = [secret]) =>
    isSent({ kind: 'standard-webhooks' }, secrets, { body, headers, ...given });
  const signedBy = (text: string) => ({ headers: { ...headers, 'webhook-signature': text } });

  test('are known by any of their signatures and any of our secrets', async () => {
    const message = headers['webhook-id'];
    expect(await check({})).toBe(message);
    expect(await check({}, [other, secret])).toBe(message);
    expect(await check(signedBy(`v1,v1AAAA= v1a,xyz ${signature}`))).toBe(message);
  });

  test('are refused where anything signed is another', async () => {
    expect(await check({ body: `${body} ` })).toBe(false);
    expect(await check({}, [other])).toBe(false);
    expect(await check({ headers: { ...headers, 'webhook-id': 'msg_2' } })).toBe(false);
    expect(await check({ headers: { ...headers, 'webhook-timestamp': '1614265331' } })).toBe(false);
    expect(await check(signedBy('v1,'))).toBe(false);
    expect(await check(signedBy(''))).toBe(false);
    expect(await check(signedBy(signature.replace('v1,', 'v2,')))).toBe(false);
    expect(await check({ headers: {} })).toBe(false);
  });

  test('are refused more than 5 minutes before or after they were sent', async () => {
    expect(await check({ now: '2021-02-25T15:07:10.000Z' })).toBeTruthy();
    expect(await check({ now: '2021-02-25T15:07:11.000Z' })).toBe(false);
    expect(await check({ now: '2021-02-25T14:57:10.000Z' })).toBeTruthy();
    expect(await check({ now: '2021-02-25T14:57:09.000Z' })).toBe(false);
  });
});

describe('an HMAC of the raw bytes', () => {
  // GitHub's published example of such a signature.
  const secret = "It's a Secret to Everybody";
  const body = 'Hello, World!';
  const hex = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const how = {
    kind: 'hmac',
    header: 'x-hub-signature-256',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
  } as const;

  test.each([
    ['as it is', `sha256=${hex}`, true],
    ['in capitals', `sha256=${hex.toUpperCase()}`, true],
    ['without its prefix', hex, false],
    ['shortened', `sha256=${hex.slice(0, -2)}`, false],
    ['empty', 'sha256=', false],
    ['of other bytes', `sha256=${hex.replace('7', '8')}`, false],
  ])('%s', async (_, signature, known) => {
    const headers = { 'x-hub-signature-256': signature };
    expect(await isSent(how, [secret], { body, headers })).toBe(known);
    expect(await isSent(how, ['another secret', secret], { body, headers })).toBe(known);
    expect(await isSent(how, ['another secret'], { body, headers })).toBe(false);
    expect(await isSent(how, [secret], { body: `${body}\n`, headers })).toBe(false);
  });

  test('in base64 with SHA-1', async () => {
    const base64 = createHmac('sha1', secret).update(body).digest('base64');
    const sha1 = { ...how, algorithm: 'sha1', encoding: 'base64', prefix: undefined } as const;
    const headers = { 'x-hub-signature-256': base64 };
    expect(await isSent(sha1, [secret], { body, headers })).toBe(true);
    expect(await isSent(sha1, [secret], { body, headers: {} })).toBe(false);
  });

  test('with the time before it, as Webflow signs, of the last 5 minutes', async () => {
    const webflow = {
      kind: 'hmac',
      header: 'x-webflow-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      timestamp_header: 'x-webflow-timestamp',
      separator: ':',
    } as const;
    const time = String(Date.parse('2021-02-25T15:02:10.000Z'));
    const signature = createHmac('sha256', secret).update(`${time}:${body}`).digest('hex');
    const headers = { 'x-webflow-signature': signature, 'x-webflow-timestamp': time };
    expect(await isSent(webflow, [secret], { body, headers })).toBe(true);
    const late = { body, headers, now: '2021-02-25T15:07:10.001Z' };
    expect(await isSent(webflow, [secret], late)).toBe(false);
    const untimed = { 'x-webflow-signature': signature };
    expect(await isSent(webflow, [secret], { body, headers: untimed })).toBe(false);
  });
});

test('a secret is known in its header or parameter, and nowhere else', async () => {
  const inHeader = { kind: 'secret', in: 'header', name: 'x-api-key' } as const;
  const inQuery = { kind: 'secret', in: 'query', name: 'token' } as const;
  const secrets = ['open sesame', 'the next one'];
  expect(await isSent(inHeader, secrets, { headers: { 'x-api-key': 'open sesame' } })).toBe(true);
  expect(await isSent(inHeader, secrets, { headers: { 'x-api-key': 'the next one' } })).toBe(true);
  expect(await isSent(inHeader, secrets, { headers: { 'x-api-key': 'open sesam' } })).toBe(false);
  expect(await isSent(inHeader, secrets, { query: 'x-api-key=open+sesame' })).toBe(false);
  expect(await isSent(inQuery, secrets, { query: 'token=open+sesame' })).toBe(true);
  expect(await isSent(inQuery, secrets, { query: 'token=' })).toBe(false);
  expect(await isSent(inQuery, secrets, {})).toBe(false);
});
