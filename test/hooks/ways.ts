import { createHmac } from 'node:crypto';

/** The secret of every hook here. */
export const secret = 'a-key-of-our-own';
const whsec = `whsec_${Buffer.from(secret).toString('base64')}`;

/** Headers of a body. */
export const json = { 'content-type': 'application/json' };
/** Headers of a form. */
export const ofForm = { 'content-type': 'application/x-www-form-urlencoded' };

/** What is sent to a hook. */
export interface Sending {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

/** Odd on purpose: all of it must come through the queue. */
export const odd =
  '{"id":"77","__proto__":"\\u0000","n":12345678901234567890,"created_time":"never"}';

const macOf = (text: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', secret).update(text).digest(encoding);

const mapping = { external_id: '/id', full_name: '/name' };
const named = JSON.stringify({ id: '7', name: 'Ada Lund', secret });
const signed = '{"email":"ada@example.com"}';

/** A hook, and how its source shows itself. */
export interface Way {
  readonly hook: object;
  /** Sent anew each time, with what shows the sender. */
  sending(key: string): Sending;
}

const proof = (kind: string, how: object = {}) => ({
  mapping,
  authenticity: { kind, ...how },
  ...(kind !== 'key' && { secrets: [secret] }),
});
const signature = { header: 'x-signature', algorithm: 'sha256', encoding: 'hex' };

/** Each way to show who sends, and to have a name. */
export const ways: Record<string, Way> = {
  key: {
    hook: proof('key'),
    sending: (key) => ({ body: named, headers: { authorization: `Bearer ${key}` } }),
  },
  'secret-header': {
    hook: proof('secret', { in: 'header', name: 'authorization' }),
    sending: () => ({ body: named, headers: { authorization: secret } }),
  },
  'secret-query': {
    hook: proof('secret', { in: 'query', name: 'token' }),
    sending: () => ({ body: named, query: `?token=${secret}&token=another-one` }),
  },
  'secret-body': {
    hook: proof('secret', { in: 'body', name: '/secret' }),
    sending: () => ({ body: named }),
  },
  hmac: {
    hook: proof('hmac', { ...signature, timestamp_header: 'x-time', separator: '.' }),
    sending: () => {
      const time = String(Date.now());
      const mac = macOf(`${time}.${named}`, 'hex');
      return { body: named, headers: { 'x-time': time, 'x-signature': mac } };
    },
  },
  'standard-webhooks': {
    hook: {
      mapping: { email: '/email' },
      authenticity: { kind: 'standard-webhooks' },
      secrets: [whsec],
    },
    sending: () => {
      const time = String(Math.floor(Date.now() / 1000));
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': time,
        'webhook-signature': `v1,${macOf(`msg_1.${time}.${signed}`, 'base64')}`,
      };
      return { body: signed, headers };
    },
  },
  'idempotency-key': {
    hook: { preset: 'html-form', secrets: [secret] },
    sending: () => {
      const headers = { ...ofForm, 'idempotency-key': 'view-1' };
      return { body: 'name=Ada+Lund', query: `?token=${secret}`, headers };
    },
  },
};

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const line = 'x'.repeat(28);
const multipart = `multipart/form-data; boundary=${line}`;
const part = 'content-disposition: form-data; name="x"; filename="a.png"';
const filed = Buffer.concat([
  Buffer.from(`--${line}\r\n${part}\r\n\r\n`),
  every,
  Buffer.from(`\r\n--${line}--\r\n`),
]);
/** Bodies of which a byte can be lost. */
export const bytes: Record<string, Sending> = {
  'a form not of UTF-8': {
    headers: ofForm,
    body: new Uint8Array(Buffer.from('name=Jos%E9&notes=\xe9\xff%00', 'latin1')),
  },
  'odd JSON': { body: odd },
  'a form with a file': { headers: { 'content-type': multipart }, body: new Uint8Array(filed) },
};
