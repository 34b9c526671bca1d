import type { SNSClient } from '@aws-sdk/client-sns';
import { type AlertMessage, subjectOf, textOf } from './message.ts';

/** Who gets alerts: those who confirmed their subscription, and those who did not yet. */
export interface Subscribers {
  readonly confirmed: number;
  readonly pending: number;
}

let client: SNSClient | undefined;

/** Publishes one alert: JSON for machines, text for people, attributes to filter by. */
export async function publishAlert(topicArn: string, message: AlertMessage): Promise<void> {
  const { sns, PublishCommand } = await loadSns();
  await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subjectOf(message),
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify(message), email: textOf(message) }),
      MessageAttributes: {
        metric: { DataType: 'String', StringValue: message.metric },
        severity: { DataType: 'String', StringValue: message.severity },
      },
    }),
  );
}

/** Counts a topic's subscribers. */
export async function countSubscribers(topicArn: string): Promise<Subscribers> {
  const { sns, GetTopicAttributesCommand } = await loadSns();
  const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  return {
    confirmed: Number(Attributes.SubscriptionsConfirmed),
    pending: Number(Attributes.SubscriptionsPending),
  };
}

// Three tries of 2 + 5 seconds each stay below the lease of 50 seconds that check_sla gives.
async function loadSns() {
  const commands = await import('@aws-sdk/client-sns');
  client ??= new commands.SNSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
  });
  return { ...commands, sns: client };
}
