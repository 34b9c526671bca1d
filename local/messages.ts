import type { AddressInfo } from 'node:net';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { AlertMessage } from '../core/alerts/message.ts';
import { addSnsRules } from './sns-rules.ts';

/** SNS and SQS on this machine, with the topic of alerts and a queue that subscribes to it. */
export interface Messages {
  readonly url: string;
  readonly topicArn: string;
  readonly queueUrl: string;
  /** What has arrived in the queue and was not received yet, at most 10, waiting for the first. */
  receive(options?: { waitSeconds?: number; signal?: AbortSignal }): Promise<ReceivedAlert[]>;
  close(): Promise<void>;
}

/** An alert as a queue gets it from SNS. */
export interface ReceivedAlert {
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: AlertMessage;
}

const local = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** Starts both on 127.0.0.1, on a free port. */
export async function startMessages(): Promise<Messages> {
  // Not startFauxqs: that one listens on every network the machine is in.
  const app = buildApp({ logger: false });
  addSnsRules(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const sqs = new SQSClient({ ...local, endpoint: url });
  const { topicArn, queueUrl } = await createAlerts(url, sqs);
  return {
    url,
    topicArn,
    queueUrl,
    receive: (options = {}) => receive(sqs, queueUrl, options),
    async close() {
      sqs.destroy();
      await app.close();
    },
  };
}

/** The topic that handlers publish to, and the queue in which alerts can be watched. */
async function createAlerts(url: string, sqs: SQSClient) {
  const sns = new SNSClient({ ...local, endpoint: url });
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'leadpulse-alerts' }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }),
  );
  sns.destroy();
  return { topicArn: TopicArn, queueUrl: QueueUrl };
}

async function receive(
  sqs: SQSClient,
  queueUrl: string,
  { waitSeconds = 0, signal }: { waitSeconds?: number; signal?: AbortSignal },
): Promise<ReceivedAlert[]> {
  const { Messages: received = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
    }),
    { abortSignal: signal },
  );
  if (received.length === 0) return [];
  const entries = received.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  return received.map(({ Body = '' }) => toAlert(JSON.parse(Body)));
}

/** The envelope in which SNS hands a message to a queue. */
interface Envelope {
  Subject: string;
  Message: string;
  MessageAttributes: Record<string, { Value: string }>;
}

function toAlert({ Subject, Message, MessageAttributes }: Envelope): ReceivedAlert {
  const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]);
  return {
    subject: Subject,
    attributes: Object.fromEntries(attributes),
    message: JSON.parse(Message),
  };
}
