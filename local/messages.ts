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
import { addQueueFaults } from './queue-faults.ts';
import { openQueueStore } from './queue-store.ts';
import { addSnsRules } from './sns-rules.ts';

/** SNS and SQS on this machine: topics of alerts, a queue that hears the one, those of intake. */
export interface Messages {
  readonly url: string;
  readonly topicArn: string;
  /** A chat's topic: the same alerts, which nobody here hears twice. */
  readonly chatTopicArn: string;
  readonly queueUrl: string;
  /** What came in while the database was away, and what can never be stored. */
  readonly ingestUrl: string;
  readonly deadLettersUrl: string;
  readonly sqs: SQSClient;
  /** What has arrived in the queue and was not received yet, at most 10, waiting for the first. */
  receive<M = AlertMessage>(options?: {
    waitSeconds?: number;
    signal?: AbortSignal;
  }): Promise<ReceivedAlert<M>[]>;
  close(): Promise<void>;
}

/** A message as a queue gets it from SNS. */
export interface ReceivedAlert<M = AlertMessage> {
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: M;
}

const local = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/**
 * Starts both on 127.0.0.1, on a free port. With a folder, what is in them outlives this process;
 * `faultsFile` as in `faults.ts`.
 */
export async function startMessages(
  options: { folder?: string | undefined; faultsFile?: string | undefined } = {},
): Promise<Messages> {
  const kept = options.folder === undefined ? undefined : await openQueueStore(options.folder);
  // Not startFauxqs: that one listens on every network the machine is in.
  const app = buildApp({ logger: false, ...(kept && { stores: kept.stores }) });
  addSnsRules(app);
  addQueueFaults(app, options.faultsFile);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const sqs = new SQSClient({ ...local, endpoint: url });
  const alerts = await createAlerts(url, sqs);
  const ingest = await createIngestQueue(url, sqs);
  return {
    url,
    ...alerts,
    ...ingest,
    sqs,
    receive: (received = {}) => receive(sqs, alerts.queueUrl, received),
    async close() {
      sqs.destroy();
      await app.close();
      kept?.close();
    },
  };
}

/** As the stack has them, but that nobody waits six minutes for what a killed process had taken. */
async function createIngestQueue(url: string, sqs: SQSClient) {
  const deadLetters = 'ingest-dead-letters';
  await sqs.send(new CreateQueueCommand({ QueueName: deadLetters }));
  const redrive = {
    deadLetterTargetArn: `arn:aws:sqs:${local.region}:000000000000:${deadLetters}`,
    maxReceiveCount: 1000,
  };
  const Attributes = { VisibilityTimeout: '30', RedrivePolicy: JSON.stringify(redrive) };
  await sqs.send(new CreateQueueCommand({ QueueName: 'ingest', Attributes }));
  // Put together, not as answered: a kept queue answers with the port of its first day.
  const urlOf = (name: string) => `${url}/000000000000/${name}`;
  return { ingestUrl: urlOf('ingest'), deadLettersUrl: urlOf(deadLetters) };
}

/** The topics that handlers publish to, and the queue in which alerts can be watched. */
async function createAlerts(url: string, sqs: SQSClient) {
  const sns = new SNSClient({ ...local, endpoint: url });
  const create = (Name: string) => sns.send(new CreateTopicCommand({ Name }));
  const { TopicArn = '' } = await create('leadpulse-alerts');
  const { TopicArn: chatTopicArn = '' } = await create('leadpulse-chat');
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }),
  );
  sns.destroy();
  const queueUrl = `${url}/000000000000/${QueueUrl.split('/').at(-1)}`;
  return { topicArn: TopicArn, chatTopicArn, queueUrl };
}

async function receive<M>(
  sqs: SQSClient,
  queueUrl: string,
  { waitSeconds = 0, signal }: { waitSeconds?: number; signal?: AbortSignal },
): Promise<ReceivedAlert<M>[]> {
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
  return received.map(({ Body = '' }) => toAlert<M>(JSON.parse(Body)));
}

/** The envelope in which SNS hands a message to a queue. */
interface Envelope {
  Subject: string;
  Message: string;
  MessageAttributes: Record<string, { Value: string }>;
}

function toAlert<M>({ Subject, Message, MessageAttributes }: Envelope): ReceivedAlert<M> {
  const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]);
  return {
    subject: Subject,
    attributes: Object.fromEntries(attributes),
    message: JSON.parse(Message),
  };
}
