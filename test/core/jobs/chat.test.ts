import { readFileSync } from 'node:fs';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { chatOf, chatOfDigest } from '../../../core/alerts/chat.ts';
import { type AlertMessage, severities, toldTransitions } from '../../../core/alerts/message.ts';
import { alertMetricNames } from '../../../core/alerts/metrics.ts';
import { topicsOf } from '../../../core/alerts/publish.ts';
import { handler } from '../../../functions/check-sla.ts';
import { alertOf } from '../../setup/alert.ts';
import { digestOf, longestDigest } from '../../setup/digest.ts';
import { subscribe } from '../../setup/subscriber.ts';
import { type Scene, startScene } from './scene.ts';

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));

/** What Amazon Q Developer takes as a custom notification; the rest it drops. */
const customNotification = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: text(250),
  content: z.strictObject({
    textType: z.literal('client-markdown'),
    title: text(250),
    description: text(8000),
    nextSteps: z.array(text(250)),
    keywords: z.array(text(75)),
  }),
  metadata: z.strictObject({
    threadId: text(250),
    summary: text(250),
    eventType: text(250),
    relatedResources: z.array(text(250)),
    additionalContext: z.record(z.string(), z.string()),
  }),
});

const message = alertOf();
const incident = message.incident;

describe('an alert for a chat', () => {
  test('says what, since when, how many and what to do', () => {
    expect(chatOf(message)).toEqual({
      version: '1.0',
      source: 'custom',
      id: `${incident}:1`,
      content: {
        textType: 'client-markdown',
        title: 'leadpulse warning: Average response time 5 h 20 min (limit 2 h)',
        description: `Began: Sun, 22 Nov 2026, 05:00
Since: Sat, 21 Nov 2026, 05:00
Leads: 12 came in within 24 hours, 7 of them still wait
Checked as of Sun, 22 Nov 2026, 05:00, time zone America/New_York.
Rule average-response, warning. Message ${incident}:1`,
        nextSteps: [
          'Call the leads that wait, oldest first, and see who is missing at the phones.',
          `The leads: GET /v1/incidents/${incident}`,
          `To say that it is in hand: POST /v1/incidents/${incident}/acknowledge`,
        ],
        keywords: ['warning', 'avg_response_hours', 'average-response'],
      },
      metadata: {
        threadId: `leadpulse-${incident}`,
        summary: 'leadpulse warning: Average response time 5 h 20 min (limit 2 h)',
        eventType: 'avg_response_hours',
        relatedResources: ['average-response'],
        additionalContext: {
          severity: 'warning',
          transition: 'opened',
          scheduled_at: '2026-11-22T10:00:00.000000Z',
        },
      },
    });
  });

  test('is in the form that Amazon Q shows, whatever the figures', () => {
    const figure = fc.double({ min: 0, max: 1e9, noNaN: true });
    const any = fc.record({
      metric: fc.constantFrom(...alertMetricNames),
      severity: fc.constantFrom(...severities),
      transition: fc.constantFrom(...toldTransitions),
      value: figure,
      threshold: figure,
      leads: fc.maxSafeInteger().map(Math.abs),
      test: fc.constantFrom(true as const, undefined),
    });
    fc.assert(
      fc.property(any, ({ test: isTest, ...given }) => {
        const rule = 'r'.repeat(50);
        const alert = { ...message, ...given, rule, ...(isTest && { test: isTest }) };
        customNotification.parse(JSON.parse(JSON.stringify(chatOf(alert))));
      }),
    );
  });

  test('tells of a day in that form too, however much there is to tell', () => {
    const shown = chatOfDigest(longestDigest(), `https://${'a'.repeat(80)}.example.com/`);
    customNotification.parse(JSON.parse(JSON.stringify(shown)));
    expect(chatOfDigest(digestOf({ id: 'digest:2026-11-25' })).metadata.threadId).toBe(
      'leadpulse-digest:2026-11-25',
    );
  });

  test('goes on in one thread for each incident', () => {
    const thread = (given: Partial<AlertMessage>) =>
      chatOf({ ...message, ...given }).metadata.threadId;
    expect(thread({ id: `${incident}:2`, number: 2, transition: 'resolved' })).toBe(thread({}));
    const another = '019aa5f0-0000-7000-8000-000000000002';
    expect(thread({ incident: another })).not.toBe(thread({}));
  });
});

test('alerts go to the topics that are configured; a chat alone is none', () => {
  const alerts = { name: 'alerts', arn: 'a' };
  expect(topicsOf({ ALERT_TOPIC_ARN: 'a' })).toEqual([alerts]);
  expect(topicsOf({ ALERT_TOPIC_ARN: 'a', CHAT_TOPIC_ARN: 'c' })).toEqual([
    alerts,
    { name: 'chat', arn: 'c' },
  ]);
  expect(topicsOf({ CHAT_TOPIC_ARN: 'c' })).toEqual([]);
});

describe('the check', () => {
  let scene: Scene;
  let chat: Awaited<ReturnType<typeof subscribe>>;
  const hear = () => subscribe(messages(), { topicArn: messages().chatTopicArn });
  const messages = () => scene.machine.messages;
  beforeAll(async () => {
    scene = await startScene();
    chat = await hear();
  });
  afterEach(() => scene.clear());
  afterAll(() => scene.close());

  const check = (scheduled_at: string = scene.now) => handler({ scheduled_at }, {} as never);
  const ignored = { hoursAgo: 25 };

  test('tells people and machines once, and the chat once, in its own form', async () => {
    await scene.leads(ignored);
    expect(await check()).toEqual({ rules: 2, broken: 1, published: 1 });
    const [alert, ...more] = await scene.received();
    const [{ id: opened }] = await scene.incidents();
    const id = `${opened}:1`;
    expect([alert?.message.id, more]).toEqual([id, []]);
    const [, documented = ''] =
      /```json\n([^`]*)```/.exec(readFileSync('docs/alerts.md', 'utf8')) ?? [];
    expect(Object.keys(JSON.parse(documented))).toEqual(Object.keys(alert?.message ?? {}));
    const shown = await chat.received();
    expect(shown).toEqual([chatOf(alert?.message as AlertMessage, scene.url)]);
    expect(customNotification.parse(shown[0]).id).toBe(id);
    await check();
    expect([await scene.received(), await chat.received()]).toEqual([[], []]);
  });

  test('tells a chat that could not be told later, and nobody else a second time', async () => {
    const sns = new SNSClient({ endpoint: messages().url });
    await sns.send(new DeleteTopicCommand({ TopicArn: messages().chatTopicArn }));
    await scene.leads(ignored);
    await expect(check()).rejects.toThrow(/Topic does not exist/);
    const [{ id: opened }] = await scene.incidents();
    const id = `${opened}:1`;
    expect((await scene.received()).map(({ message }) => message.id)).toEqual([id]);
    const [owed] = await scene.sql('select published_at, topics from alert_messages');
    expect(owed).toEqual({ published_at: null, topics: ['alerts'] });

    await sns.send(new CreateTopicCommand({ Name: messages().chatTopicArn.split(':').at(-1) }));
    sns.destroy();
    chat = await hear();
    expect(await check()).toMatchObject({ published: 1 });
    expect((await chat.received()).map((shown) => shown.id)).toEqual([id]);
    expect(await scene.received()).toEqual([]);
    expect(await scene.sql('select topics from alert_messages')).toEqual([
      { topics: ['alerts', 'chat'] },
    ]);
  });

  test('tells people the end while the chat is gone, and the chat both later', async () => {
    const sns = new SNSClient({ endpoint: messages().url });
    await sns.send(new DeleteTopicCommand({ TopicArn: messages().chatTopicArn }));
    await scene.leads({ hoursAgo: 25, events: [['contacted', 25.5]] });
    await expect(check()).rejects.toThrow(/Topic does not exist/);
    await expect(check(scene.hoursLater(1))).rejects.toThrow(/Topic does not exist/);
    const told = (await scene.received()).map(({ message }) => message.transition);
    expect(told).toEqual(['opened', 'resolved']);

    await sns.send(new CreateTopicCommand({ Name: messages().chatTopicArn.split(':').at(-1) }));
    sns.destroy();
    chat = await hear();
    expect(await check(scene.hoursLater(2))).toMatchObject({ published: 2 });
    const shown = await chat.received();
    expect(shown.map(({ metadata }) => metadata.additionalContext.transition)).toEqual([
      'opened',
      'resolved',
    ]);
    expect(new Set(shown.map(({ metadata }) => metadata.threadId)).size).toBe(1);
    expect(await scene.received()).toEqual([]);
  });

  test('counts who hears each topic, and health shows it', async () => {
    await check();
    const { body } = await scene.get('/v1/health');
    expect(body).toMatchObject({
      status: 'ok',
      alert_subscribers: { confirmed: 1, pending: 0 },
      chat_subscribers: { confirmed: 1, pending: 0 },
    });
    const heardBy = async (alerts: object | null, chat: object | null) => {
      await scene.sql('update job_runs set outcome = $1', [
        JSON.stringify({ subscribers: alerts, chat_subscribers: chat }),
      ]);
      return (await scene.get('/v1/health')).body.status;
    };
    const nobody = { confirmed: 0, pending: 2 };
    const somebody = { confirmed: 1, pending: 0 };
    expect(await heardBy(nobody, somebody)).toBe('degraded');
    expect(await heardBy(somebody, nobody)).toBe('ok');
    expect(await heardBy(null, null)).toBe('ok');
  });
});
