import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMessage } from '../../../core/queue/message.ts';
import { handler } from '../../../functions/store-queued.ts';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const hour = 3_600_000;

/** A message as SQS hands it to Lambda, sent a while ago. */
function record(body: string, ago = 0) {
  const attributes = { SentTimestamp: String(Date.now() - ago) };
  return { messageId: v7(), receiptHandle: 'none', body, attributes };
}

const lead = (item: object = {}) =>
  writeMessage('leads', { id: v7(), source: 'queued', event_source: 'automation', ...item });
const event = (item: object) =>
  writeMessage('events', { id: v7(), event_type: 'contacted', event_source: 'agent', ...item });

/** Which of these come again, by their place. */
async function again(...records: ReturnType<typeof record>[]): Promise<number[]> {
  const { batchItemFailures } = (await handler({ Records: records } as never, {} as never)) as {
    batchItemFailures: { itemIdentifier: string }[];
  };
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return records.flatMap(({ messageId }, index) => (failed.includes(messageId) ? [index] : []));
}

/** What was put aside, and why. */
async function deadLetters() {
  const { Messages = [] } = await api.machine.messages.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      VisibilityTimeout: 0,
    }),
  );
  return Messages.map(({ Body, MessageAttributes }) => ({
    body: Body,
    reason: MessageAttributes?.reason?.StringValue,
  }));
}

const count = async (source: string) => (await api.get(`/v1/leads?source=${source}`)).body.total;

test('leads come before what happened to them, wherever they stand', async () => {
  const id = v7();
  expect(await again(record(event({ lead_id: id })), record(lead({ id })))).toEqual([]);
  expect((await api.get(`/v1/leads/${id}`)).body.current_stage).toBe('contacted');
});

test('a message that comes twice, in one batch or another, is stored once', async () => {
  const twin = lead({ source: 'twins' });
  expect(await again(record(twin), record(twin))).toEqual([]);
  expect(await again(record(twin))).toEqual([]);
  expect(await count('twins')).toBe(1);
  const [{ created }] = (await api.sql(
    `select count(*)::int as created from lead_events e join leads l on l.id = e.lead_id
     where l.source = 'twins'`,
  )) as [{ created: number }];
  expect(created).toBe(1);
});

const keyForm = 'idempotency_keys_key_form';

test('what can never be stored is put aside with the reason, and harms no other', async () => {
  const poison = [
    [lead({ source: 'NOT NORMALISED' }), 'leads_source_normalised'],
    [lead({ estimated_value: 'much' }), '22P02'],
    // These are refused before any item is looked at, and with them the whole call.
    [lead({ first_name: 'a\u0000b' }), '22P05'],
    [lead({ first_name: 'a\ud800b' }), '22P02'],
    [lead({ idempotency_scope: 's', idempotency_key: '\u007f', request_sha256: '' }), keyForm],
    ['{"half', 'not_a_message'],
    ['{"version":2}', 'not_a_message'],
  ] as const;
  const good = lead({ source: 'beside-poison' });
  const records = [record(good), ...poison.map(([body]) => record(body))];
  expect(await again(...records)).toEqual([]);
  expect(await count('beside-poison')).toBe(1);
  const aside = await deadLetters();
  for (const [body, reason] of poison) expect(aside).toContainEqual({ body, reason });
  expect(aside).toHaveLength(poison.length);
});

test('what refers to something unknown comes again for an hour, then it is put aside', async () => {
  const orphan = event({ lead_id: v7() });
  expect(await again(record(orphan))).toEqual([0]);
  expect(await again(record(orphan, hour - 60_000))).toEqual([0]);
  expect(await again(record(orphan, hour + 60_000))).toEqual([]);
  expect(await deadLetters()).toContainEqual({ body: orphan, reason: 'lead_id_known' });
});

test('in an outage all come again, however old, and nothing is put aside', async () => {
  const before = await deadLetters();
  const old = record(lead({ source: 'outage' }), 24 * hour);
  const records = [old, record(event({ lead_id: v7() }))];
  expect(await api.duringOutage(() => again(...records))).toEqual([0, 1]);
  expect(await deadLetters()).toEqual(before);
  expect(await again(...records)).toEqual([1]);
  expect(await count('outage')).toBe(1);
});

test('an item that breaks its statement in a way nobody knows holds up no other', async () => {
  await api.sql(`
    create function refuse_broken() returns trigger language plpgsql as $$
    begin
      if new.source = 'broken' then
        raise exception 'nobody knows' using errcode = 'LP999';
      end if;
      return new;
    end $$;
    create trigger refuse_broken before insert on leads
      for each row execute function refuse_broken()`);
  const others = [record(lead({ source: 'unbroken' })), record(lead({ source: 'unbroken' }))];
  expect(await again(record(lead({ source: 'broken' })), ...others)).toEqual([0]);
  expect(await count('unbroken')).toBe(2);
});

test('25 messages are stored in one call', async () => {
  api.machine.dataApi.resetCalls();
  const records = Array.from({ length: 25 }, () => record(lead({ source: 'one-call' })));
  expect(await again(...records)).toEqual([]);
  expect(api.machine.dataApi.calls()).toBe(1);
  expect(await count('one-call')).toBe(25);
});

test('what one sender is bound to binds no other of the same batch', async () => {
  const agent = await api.addAgent();
  const original = await api.take({ source: 'elsewhere' });
  const ofAgent = v7();
  const duplicate = v7();
  const records = [
    record(lead({ id: ofAgent, viewer_agent_id: agent })),
    record(lead({ source: 'narrow', only_source: 'narrow' })),
    record(lead({ id: duplicate, source: 'wide', duplicate_of: original })),
  ];
  expect(await again(...records)).toEqual([]);
  const rows = await api.sql(
    `select id, assigned_agent_id, duplicate_of
     from leads where id in ('${ofAgent}', '${duplicate}')
     order by source`,
  );
  expect(rows).toEqual([
    { id: ofAgent, assigned_agent_id: agent, duplicate_of: null },
    { id: duplicate, assigned_agent_id: null, duplicate_of: original },
  ]);
  expect(await count('narrow')).toBe(1);
});

test('what is in the queue is stored by itself', async () => {
  const { sqs, ingestUrl } = api.machine.messages;
  const id = v7();
  const body = lead({ id, source: 'by-itself' });
  await sqs.send(new SendMessageCommand({ QueueUrl: ingestUrl, MessageBody: body }));
  await expect.poll(() => count('by-itself'), { timeout: 20_000 }).toBe(1);
});
