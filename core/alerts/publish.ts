import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import {
  type ExperimentMessage,
  experimentSubject,
  experimentText,
} from '../experiments/announcement.ts';
import type { Settings } from '../settings.ts';
import { chatOf, chatOfDigest, chatOfExperiment } from './chat.ts';
import type { DigestMessage } from './digest.ts';
import { digestSubject, digestText } from './digest-words.ts';
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

/** What goes out: an alert, the digest of a day, what happened to an experiment. */
export type Message = AlertMessage | DigestMessage | ExperimentMessage;

/**
 * Publishes a message to one topic, in that topic's form, with attributes to filter by. Links in it
 * begin with `apiUrl`.
 */
export async function publish(
  { name, arn }: Topic,
  message: Message,
  apiUrl?: string,
): Promise<void> {
  const { sns, PublishCommand } = await loadSns();
  await sns.send(
    new PublishCommand({
      TopicArn: arn,
      ...forms[name](message, apiUrl),
      MessageAttributes: attributesOf(message),
    }),
  );
}

/**
 * What subscriptions filter by. SNS takes no blank: a blank source is `(none)`. A digest and an
 * experiment have no severity: who asks for some hears of incidents alone.
 */
function attributesOf(message: Message) {
  const { transition } = message;
  const isOther = transition === 'digest' || transition === 'experiment';
  const told = isOther ? { transition } : filteredBy(message);
  return Object.fromEntries(
    Object.entries(told).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

function filteredBy({ metric, severity, transition, source, agent_id, test }: AlertMessage) {
  return {
    metric,
    severity,
    transition,
    // What XML cannot hold a queue refuses.
    ...(source !== null && { source: source.replaceAll(/[\p{Cc}\p{Cs}]/gu, '?') || '(none)' }),
    ...(agent_id !== null && { agent_id }),
    ...(test && { test: 'true' }),
  };
}

type Form = (message: Message, apiUrl: string | undefined) => PublishCommandInput;

/** What each topic's subscribers read. */
const forms: Record<TopicName, Form> = {
  // JSON for machines, text for people, of which a telephone gets one line.
  alerts: (message, apiUrl) => ({
    ...inWords(message, apiUrl),
    MessageStructure: 'json',
  }),
  chat: (message, apiUrl) => ({
    Message: JSON.stringify(inChat(message, apiUrl)),
  }),
};

function inChat(message: Message, apiUrl: string | undefined) {
  switch (message.transition) {
    case 'digest':
      return chatOfDigest(message, apiUrl);
    case 'experiment':
      return chatOfExperiment(message, apiUrl);
    default:
      return chatOf(message, apiUrl);
  }
}

function inWords(message: Message, apiUrl: string | undefined) {
  const [Subject, email] = wordsOf(message, apiUrl);
  const texts = { default: JSON.stringify(message), email, sms: Subject };
  return { Subject, Message: JSON.stringify(texts) };
}

function wordsOf(message: Message, apiUrl: string | undefined): [subject: string, text: string] {
  switch (message.transition) {
    case 'digest':
      return [digestSubject(message), digestText(message, apiUrl)];
    case 'experiment':
      return [experimentSubject(message), experimentText(message, apiUrl)];
    default:
      return [subjectOf(message), textOf(message, apiUrl)];
  }
}

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
