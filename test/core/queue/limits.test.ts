import { setTimeout as pause } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noteBack } from '../../../core/queue/breaker.ts';
import { readMessage, writeMessage } from '../../../core/queue/message.ts';
import { anyObject, anyText } from '../../setup/any-input.ts';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let known: string;
beforeAll(async () => {
  api = await startTestMachine();
  known = await api.take();
});
afterAll(() => api.close());
beforeEach(() => {
  noteBack();
  api.machine.dataApi.resume({ milliseconds: 600_000 });
});
afterEach(() => api.machine.dataApi.resume({ milliseconds: 0 }));

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
const numbers = (count: number) => ({ n: new Array(count).fill(1e-300) });
const call = { event_type: 'contacted', event_source: 'agent' };

describe('what SQL would refuse later is refused while the database is away', () => {
  test.each([
    ['leads_raw_data_size', { raw_data: numbers(108) }],
    ['leads_notes_size', { notes: 'é'.repeat(4_097) }],
    ['custom', { quality_score: 'A', qualification_reason: numbers(27) }],
    ['leads_size', { raw_data: { a: 'x'.repeat(32_000) }, notes: '\u0001'.repeat(4_000) }],
    ['leads_not_in_the_future', { created_at: soon(400_000) }],
  ])('a lead: %s', async (code, body) => {
    const answer = await api.post('/v1/leads', { source: 'x', ...body });
    expect([answer.status, answer.body.errors?.[0].code], answer.text).toEqual([422, code]);
  });

  test.each([
    ['lead_events_details_size', { details: numbers(28) }],
    ['lead_events_not_in_the_future', { created_at: soon(400_000) }],
    ['lead_events_skill_agrees', { skill: 'caller' }],
    ['lead_events_skill_agrees', { event_source: 'skill:caller', skill: 'another' }],
  ])('an event: %s', async (code, body) => {
    const answer = await api.post(`/v1/leads/${known}/events`, { ...call, ...body });
    expect([answer.status, answer.body.errors?.[0].code], answer.text).toEqual([422, code]);
  });
});

test('what is just within each limit is taken then, and stored when it is back', async () => {
  const leads = [
    { raw_data: numbers(107), notes: 'é'.repeat(4_096) },
    { quality_score: 'A', qualification_reason: numbers(26) },
    { notes: 'any \u0001, 😀 or \uffff'.repeat(5) },
    { created_at: soon(200_000), email: `a@${'İ'.repeat(318)}`, external_id: '😀'.repeat(100) },
  ];
  const taken = await Promise.all(
    leads.map((lead) => api.post('/v1/leads', { source: 'İ'.repeat(100), ...lead })),
  );
  const event = { ...call, details: numbers(26), created_at: soon(200_000) };
  const happened = await api.post(`/v1/leads/${known}/events`, event);
  expect([...taken, happened].map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);

  api.machine.dataApi.resume({ milliseconds: 0 });
  const ids = [...taken, happened].map(({ body }) => body.id);
  const found = `select id from leads where id = any ($1)
    union select id from lead_events where id = any ($1)`;
  while ((await api.sql(found, [ids])).length < ids.length) await pause(200);
  const { Attributes } = await api.machine.messages.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  expect(Attributes?.ApproximateNumberOfMessages).toBe('0');
  const [, , lead] = taken;
  expect((await api.get(`/v1/leads/${lead?.body.id}`)).body.notes).toBe(leads[2]?.notes);
});

test('any item comes out of a message as it went in, and SQS takes each of its characters', () => {
  const id = '00000000-0000-4000-8000-000000000000';
  fc.assert(
    fc.property(anyText(40), anyObject, (notes, raw_data) => {
      const item = JSON.parse(JSON.stringify({ id, notes, raw_data }));
      const text = writeMessage('leads', item);
      expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/);
      expect(readMessage(text)?.item).toEqual(item);
    }),
    { numRuns: 500 },
  );
});
