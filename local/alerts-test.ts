import { parseArgs } from 'node:util';
import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import { type AlertMessage, severities } from '../core/alerts/message.ts';
import { publish, type Topic, type TopicName, topicsOf } from '../core/alerts/publish.ts';
import { findRunning } from './running.ts';

const usage = `npm run alerts:test [-- --topic ARN] [--chat-topic ARN] [--severity LEVEL]

  Publishes a message that is marked as a test, the way alerts are published, and says who gets it.
  Ends with 1 where nobody has confirmed.
  --topic       the alert topic of a deployment, as the stack prints it (AlertTopicArn)
  --chat-topic  the topic of its chat (ChatTopicArn); both left out: those of the leadpulse that
                runs here
  --severity    ${severities.join(', ')}; left out critical, which most policies let in`;

async function alertsTest(): Promise<void> {
  const { values } = parseArgs({
    options: {
      topic: { type: 'string' },
      'chat-topic': { type: 'string' },
      severity: { type: 'string', default: 'critical' },
    },
  });
  const severity = severities.find((known) => known === values.severity);
  if (severity === undefined) throw new Error(usage);
  const asked = topicsAsked({ alerts: values.topic, chat: values['chat-topic'] });
  const topics = asked.length > 0 ? asked : await topicsHere();
  const message = testMessage({ now: new Date(), severity });
  const unheard = [];
  for (const topic of topics) {
    await publish(topic, message);
    const who = await subscribersOf(topic);
    console.log(`${topic.name}: published ${message.id}, ${severity}\n${who.lines.join('\n')}`);
    // On one machine there is no chat to hear it.
    if (who.confirmed === 0 && (topic.name === 'alerts' || asked.length > 0)) unheard.push(topic);
  }
  const names = unheard
    .map(({ name }) => (name === 'chat' ? 'the chat' : 'an alert'))
    .join(' and ');
  if (unheard.length > 0) throw new Error(`Nobody hears ${names}: no subscription is confirmed.`);
}

function topicsAsked(arns: Record<TopicName, string | undefined>): Topic[] {
  const topics = (['alerts', 'chat'] as const).flatMap((name) => {
    const arn = arns[name];
    return arn === undefined ? [] : [{ name, arn }];
  });
  for (const { arn } of topics) {
    const region = /^arn:aws[\w-]*:sns:([a-z0-9-]+):\d{12}:[\w-]+$/.exec(arn)?.[1];
    if (!region) throw new Error(`"${arn}" is not a topic: arn:aws:sns:REGION:ACCOUNT:NAME.`);
    process.env.AWS_REGION = region;
  }
  return topics;
}

async function topicsHere(): Promise<Topic[]> {
  const { environment } = await findRunning();
  Object.assign(process.env, environment);
  return topicsOf(environment);
}

/** As if one lead had waited for 25 hours. */
function testMessage(given: { now: Date; severity: AlertMessage['severity'] }): AlertMessage {
  const at = (hoursAgo: number) =>
    new Date(given.now.getTime() - hoursAgo * 3_600_000).toISOString().slice(0, 19);
  return {
    version: 2,
    id: `alerts-test:${at(0)}Z`,
    incident: '00000000-0000-0000-0000-000000000000',
    number: 1,
    transition: 'opened',
    reason: null,
    rule: 'alerts-test',
    metric: 'oldest_waiting_minutes',
    severity: given.severity,
    source: null,
    agent_id: null,
    opened_at: `${at(1)}.000000Z`,
    scheduled_at: `${at(0)}.000000Z`,
    value: 1500,
    threshold: 1440,
    recover_threshold: 1440,
    window_hours: null,
    since: `${at(25)}.000000Z`,
    sample: 1,
    leads: 1,
    waiting_leads: 1,
    timezone: 'UTC',
    test: true,
  };
}

/** Who is subscribed, a line for each, and how many of them have confirmed. */
async function subscribersOf({ arn }: Topic) {
  const client = new SNSClient({});
  const found: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: arn })) {
    // One that was given up stands there for some days.
    found.push(...(page.Subscriptions ?? []).filter((one) => one.SubscriptionArn !== 'Deleted'));
  }
  const lines = [];
  let confirmed = 0;
  for (const { SubscriptionArn = '', Protocol, Endpoint } of found) {
    const { isPending, policy } = await standingOf(client, SubscriptionArn);
    if (!isPending) confirmed += 1;
    const standing = isPending ? 'pending  ' : 'confirmed';
    lines.push(`  ${standing}  ${Protocol}  ${Endpoint}${policy ? `  where ${policy}` : ''}`);
  }
  client.destroy();
  return { confirmed, lines: lines.length > 0 ? lines : ['  nobody is subscribed'] };
}

/** One that is not confirmed yet has no ARN: AWS says PendingConfirmation in its place. */
async function standingOf(client: SNSClient, SubscriptionArn: string) {
  if (!SubscriptionArn.startsWith('arn:')) return { isPending: true, policy: undefined };
  const { Attributes = {} } = await client.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn }),
  );
  return { isPending: Attributes.PendingConfirmation === 'true', policy: Attributes.FilterPolicy };
}

alertsTest().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
