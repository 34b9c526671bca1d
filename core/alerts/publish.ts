import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Settings } from '../settings.ts';
import { chatOf } from './chat.ts';
import { type AlertMessage, subjectOf, textOf } from './message.ts';

/** The topics there can be: `alerts` for people and machines, `chat` for Amazon Q Developer. */
export type TopicName = 'alerts' | 'chat';

/** A topic of this deployment. */
export interface Topic {
  readonly name: TopicName;
  readonly arn: string;
}

/** Who gets alerts: those who confirmed their subscription, and those who did not yet. */
export interface Subscribers {
  readonly confirmed: number;
  readonly pending: number;
}

/** The topics alerts go to. A chat alone is none: it shows them beside those who get them. */
export function topicsOf(given: Pick<Settings, 'ALERT_TOPIC_ARN' | 'CHAT_TOPIC_ARN'>): Topic[] {
  const { ALERT_TOPIC_ARN, CHAT_TOPIC_ARN } = given;
  if (!ALERT_TOPIC_ARN) return [];
  const alerts: Topic = { name: 'alerts', arn: ALERT_TOPIC_ARN };
  return CHAT_TOPIC_ARN ? [alerts, { name: 'chat', arn: CHAT_TOPIC_ARN }] : [alerts];
}

/** Publishes one alert to one topic, in that topic's form, with attributes to filter by. */
export async function publishAlert({ name, arn }: Topic, message: AlertMessage): Promise<void> {
  const { sns, PublishCommand } = await loadSns();
  await sns.send(
    new PublishCommand({
      TopicArn: arn,
      ...forms[name](message),
      MessageAttributes: attributesOf(message),
    }),
  );
}

/** What subscriptions filter by. SNS takes no blank: a blank source is `(none)`. */
function attributesOf(message: AlertMessage) {
  const { metric, severity, transition, source, agent_id, test } = message;
  const told = {
    metric,
    severity,
    transition,
    ...(source !== null && { source: source || '(none)' }),
    ...(agent_id !== null && { agent_id }),
    ...(test && { test: 'true' }),
  };
  return Object.fromEntries(
    Object.entries(told).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

/** What each topic's subscribers read. */
const forms: Record<TopicName, (message: AlertMessage) => PublishCommandInput> = {
  // JSON for machines, text for people.
  alerts: (message) => ({
    Subject: subjectOf(message),
    MessageStructure: 'json',
    Message: JSON.stringify({ default: JSON.stringify(message), email: textOf(message) }),
  }),
  chat: (message) => ({ Message: JSON.stringify(chatOf(message)) }),
};

/** Counts a topic's subscribers. */
export async function countSubscribers({ arn }: Topic): Promise<Subscribers> {
  const { sns, GetTopicAttributesCommand } = await loadSns();
  const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  return {
    confirmed: Number(Attributes.SubscriptionsConfirmed),
    pending: Number(Attributes.SubscriptionsPending),
  };
}

let client: SNSClient | undefined;

// Three tries of 2 + 5 seconds each stay below the lease of 50 seconds that check_sla gives.
async function loadSns() {
  const commands = await import('@aws-sdk/client-sns');
  client ??= new commands.SNSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
  });
  return { ...commands, sns: client };
}
