import { createHmac } from 'node:crypto';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { idOf } from '../../../core/access/keys.ts';
import { noteBack } from '../../../core/queue/breaker.ts';
import { readMessage, writeMessage } from '../../../core/queue/message.ts';
import { handler } from '../../../functions/store-queued.ts';
import { loggedBy } from '../../setup/logged.ts';
import { startTestMachine } from '../../setup/machine.ts';
import { type Waiting, waiting } from '../../setup/waiting.ts';

const secret = 'a-key-of-our-own';
const minute = 60_000;
const start = Date.now();
const at = (minutes: number) => new Date(start + minutes * minute).toISOString();

let api: Awaited<ReturnType<typeof startTestMachine>>;
const revoked: Record<string, string> = {};
beforeAll(async () => {
  api = await startTestMachine();
  // By SQL: who is revoked is read once a minute, and not yet here.
  for (const [name, since] of [
    ['before', at(-30)],
    ['after', at(-10)],
  ] as const) {
    revoked[name] = idOf(await api.keyWith(['leads:write'])) ?? '';
    await api.sql(
      `insert into api_keys (id, created_at, revoked_at, revoked_by) values ($1, $2, $3, 'key_0')`,
      [revoked[name], at(-60), since],
    );
  }
  await hook('keyed', { kind: 'key' });
  await hook('form', { kind: 'secret', in: 'query', name: 'token' });
  await hook('in-header', { kind: 'secret', in: 'header', name: 'x-api-key' });
  const header = 'x-signature';
  const timed = { header, algorithm: 'sha256', encoding: 'hex', timestamp_header: 'x-time' };
  await hook('timed', { kind: 'hmac', ...timed });
});
afterAll(() => api.close());
beforeEach(noteBack);

async function hook(source: string, authenticity: { kind: string; [how: string]: string }) {
  const mapping = { external_id: '/id', first_name: '/name' };
  await api.sql(
    `insert into hook_mappings (source, mapping, authenticity, secrets) values ($1, $2, $3, $4)`,
    [source, mapping, authenticity, authenticity.kind === 'key' ? null : [secret]],
  );
}

/** A message as SQS hands it to Lambda. */
function record(body: string) {
  const attributes = { SentTimestamp: String(start) };
  return { messageId: v7(), receiptHandle: 'none', body, attributes };
}

const submission = (source: string, sending: Waiting) =>
  record(writeMessage('submissions', waiting(source, sending)));
const form = (sending: Waiting = {}) =>
  submission('form', { query: `token=${secret}`, ...sending });
const lead = (source: string) =>
  record(writeMessage('leads', { id: v7(), source, event_source: 'automation' }));

/** What a run says of its records: which come again, by place, and its line in the log. */
async function run(...records: ReturnType<typeof record>[]) {
  const { lines, result } = await loggedBy(
    () => handler({ Records: records } as never, {} as never) as Promise<object>,
  );
  const { batchItemFailures } = result as { batchItemFailures: { itemIdentifier: string }[] };
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const again = records.flatMap(({ messageId }, index) =>
    failed.includes(messageId) ? [index] : [],
  );
  const logged = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const { stored, dropped, poison } = logged.find(({ message }) => message === 'job');
  return { again, stored, dropped, poison, logged };
}

async function deadLetters() {
  const QueueUrl = api.machine.messages.deadLettersUrl;
  const { Messages = [] } = await api.machine.messages.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages;
}

const count = async (source: string) => (await api.get(`/v1/leads?source=${source}`)).body.total;
const writing = { scopes: ['leads:write' as const] };

// First: nobody has told this process yet who is revoked.
test('a key is not taken for good before it can be known who is revoked', async () => {
  const sent = () => submission('keyed', { key: { id: 'key_0', ...writing }, body: '{"id":"1"}' });
  await api.sql('alter table api_keys rename to away');
  expect(await run(sent(), form({ body: '{"id":"beside"}' }))).toMatchObject({
    again: [0],
    stored: 1,
  });
  await api.sql('alter table away rename to api_keys');
  const stored = async () => (await run(sent())).stored;
  await expect.poll(stored, { timeout: 20_000, interval: 1000 }).toBe(1);
});

test('what is right is judged by when it came in, however late it is read', async () => {
  const signed = (time: string, received: string) => {
    const mac = createHmac('sha256', secret).update(`${time}{"id":"${received}"}`).digest('hex');
    const headers = { 'x-time': time, 'x-signature': mac };
    return submission('timed', { headers, received, body: `{"id":"${received}"}` });
  };
  const timeOf = (moment: string) => String(Date.parse(moment));
  const result = await run(
    signed(timeOf(at(-100)), at(-96)),
    signed(timeOf(at(-100)), at(-94)),
    signed(timeOf(at(0)), at(-10)),
  );
  expect(result).toMatchObject({ again: [], stored: 1, dropped: 2, poison: 0 });
  const { items } = (await api.get('/v1/leads?source=timed')).body;
  expect(items).toMatchObject([{ external_id: at(-96) }]);
  expect(Date.parse(items[0].created_at)).toBe(Date.parse(at(-96)));
});

test('a key revoked before it was sent takes nothing in, one revoked since does', async () => {
  const sent = (name: string) => ({ id: revoked[name] ?? '', ...writing });
  const records = ['before', 'after'].map((name) =>
    submission('keyed', { key: sent(name), received: at(-20), body: `{"id":"${name}"}` }),
  );
  expect(await run(...records)).toMatchObject({ again: [], stored: 1, dropped: 1 });
  const { items } = (await api.get('/v1/leads?source=keyed')).body;
  expect(items.map((one: { external_id: string }) => one.external_id)).toContain('after');
});

test('what nobody may send is dropped, counted and told of by its id alone', async () => {
  const before = await deadLetters();
  const sent = [
    submission('no hook of this name', { body: '{"name":"Quillonia"}' }),
    submission('keyed', { body: '{"name":"Quillonia"}' }),
    submission('keyed', { key: { id: 'key_0', ...writing, source: 'form' } }),
    submission('keyed', { key: { id: 'key_0', scopes: ['events:write'] } }),
    form({ query: 'token=not-the-secret', body: '{"name":"Quillonia"}' }),
    form({ query: '' }),
    submission('in-header', { headers: { 'x-api-key': 'not-the-secret' } }),
  ];
  const good = form({ body: '{"id":"good"}' });
  const { logged, ...result } = await run(...sent, good, lead('beside'));
  expect(result).toEqual({ again: [], stored: 2, dropped: sent.length, poison: 0 });
  const dropped = logged.filter(({ message }) => message === 'dropped');
  const ids = sent.map(({ body }) => readMessage(body)?.item.id);
  expect(dropped.map(({ id }) => id)).toEqual(ids);
  expect(dropped.map(({ status }) => status)).toEqual([404, 401, 401, 401, 401, 401, 401]);
  expect(JSON.stringify(logged)).not.toMatch(/quillonia|not-the-secret|no hook of/i);
  expect(await deadLetters()).toEqual(before);
});

test('a message that comes twice is one lead, also where nothing names it', async () => {
  const nameless = form({ body: '{"name":"Twice"}' });
  expect(await run(nameless, { ...nameless, messageId: v7() })).toMatchObject({ stored: 2 });
  expect(await run(nameless)).toMatchObject({ stored: 1 });
  const found = await api.sql(`select id from leads where first_name = 'Twice'`);
  expect(found).toEqual([{ id: readMessage(nameless.body)?.item.id }]);
});

test('while its hook cannot be read a submission comes again, as all beside it does', async () => {
  const records = [form({ body: '{"id":"outage"}' }), lead('outage'), submission('nowhere', {})];
  const away = await api.duringOutage(() => run(...records));
  expect(away).toMatchObject({ again: [0, 1, 2], stored: 0, dropped: 0, poison: 0 });
  noteBack();
  expect(await run(...records)).toMatchObject({ again: [], stored: 2, dropped: 1 });
  expect(await count('outage')).toBe(1);
});

test('a hook that this version does not understand holds up no other', async () => {
  await hook('of later', { kind: 'of a later version' });
  const { logged, ...result } = await run(submission('of later', {}), form(), lead('of now'));
  expect(result).toEqual({ again: [0], stored: 2, dropped: 0, poison: 0 });
  expect(logged.find(({ message }) => message === 'not read')).toMatchObject({ level: 'ERROR' });
});

test('what is no submission is put aside: nobody but leadpulse can have sent it', async () => {
  const item = { id: v7(), source: 'form' };
  const broken = record(JSON.stringify({ version: 1, kind: 'submissions', item }));
  expect(await run(broken, form())).toMatchObject({ again: [], stored: 1, poison: 1 });
  expect((await deadLetters()).map(({ Body }) => Body)).toContain(broken.body);
});

test('submissions of a source are read and stored in two calls, 25 at a time', async () => {
  const records = Array.from({ length: 25 }, (_, id) => form({ body: `{"id":"of-25-${id}"}` }));
  api.machine.dataApi.resetCalls();
  expect(await run(...records)).toMatchObject({ stored: 25 });
  expect(api.machine.dataApi.calls()).toBe(2);
});
