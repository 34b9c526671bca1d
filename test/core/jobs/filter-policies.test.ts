import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertMessage } from '../../../core/alerts/message.ts';
import { publish } from '../../../core/alerts/publish.ts';
import { type Messages, startMessages } from '../../../local/messages.ts';
import { alertOf } from '../../setup/alert.ts';
import { digestOf } from '../../setup/digest.ts';
import { subscribe } from '../../setup/subscriber.ts';

/** The filter policies of the page, by whom they are for. */
const documented = new Map(
  [...readFileSync('docs/alerts.md', 'utf8').matchAll(/^\| (.*) \| `(\{.*\})` \|$/gm)].map(
    ([, who = '', policy = '']) => [who, JSON.parse(policy)],
  ),
);

/** What is published: by each name one that differs from the others in what can be filtered by. */
const given = {
  averageWarning: { metric: 'avg_response_hours', severity: 'warning' },
  averageCritical: { metric: 'avg_response_hours', severity: 'critical' },
  oldestInfo: { metric: 'oldest_waiting_minutes', severity: 'info' },
  oldestCritical: { metric: 'oldest_waiting_minutes', severity: 'critical' },
  test: { metric: 'oldest_waiting_minutes', severity: 'critical', test: true },
  zillowOver: { severity: 'info', source: 'zillow', transition: 'resolved' },
} satisfies Record<string, Partial<AlertMessage>>;
/** Published beside them. */
const digest = digestOf({ id: 'digest' });

let messages: Messages;
beforeAll(async () => {
  messages = await startMessages();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SNS: messages.url,
  });
});
afterAll(() => messages.close());

const expected: Record<string, (keyof typeof given | 'digest')[]> = {
  'whoever is on call: only what is critical': ['averageCritical', 'oldestCritical', 'test'],
  "the team's lead: warnings, and what is worse": [
    'averageWarning',
    'averageCritical',
    'oldestCritical',
    'test',
  ],
  'a log of what is not urgent': ['averageWarning', 'oldestInfo', 'zillowOver'],
  'who plans the phones: the average alone': ['averageWarning', 'averageCritical', 'zillowOver'],
  'who calls back: a lead that nobody called, and only then': ['oldestCritical', 'test'],
  'a machine that opens tickets: no tests': ['averageWarning', 'averageCritical', 'oldestCritical'],
  'who answers for one source': ['zillowOver'],
  'who wants the digest, and nothing else': ['digest'],
  'who wants it beside what is critical': ['averageCritical', 'oldestCritical', 'test', 'digest'],
  'who wants to hear of beginnings alone': [
    'averageWarning',
    'averageCritical',
    'oldestInfo',
    'oldestCritical',
    'test',
  ],
};

test('the page says for whom each filter policy is, and each is tried here', () => {
  expect([...documented.keys()]).toEqual(Object.keys(expected));
});

test.each(Object.entries(expected))('%s, on both topics', async (who, heard) => {
  for (const name of ['alerts', 'chat'] as const) {
    const topicArn = name === 'alerts' ? messages.topicArn : messages.chatTopicArn;
    const filterPolicy = documented.get(who);
    const queue = await subscribe(messages, { topicArn, filterPolicy });
    for (const [id, differing] of Object.entries(given)) {
      await publish({ name, arn: topicArn }, alertOf({ ...differing, id }));
    }
    await publish({ name, arn: topicArn }, digest);
    expect((await queue.received()).map(({ id }) => id)).toEqual(heard);
  }
});
