import { parseArgs } from 'node:util';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { readMessage } from '../core/queue/message.ts';
import { findRunning } from './running.ts';

const usage = `npm run redrive [-- --dry-run | --show | --drop] [--only ID]
               [--queue URL --dead-letters URL]

  Puts what could not be stored back into the queue, to be tried again: once its cause is mended.
  --dry-run       only says what is there, and why
  --show          only shows it, as it was sent: people's data
  --drop          takes it away for good, unstored; goes with --only
  --only ID       of them all this one, as --dry-run names it at the beginning of its line: an id of
                  the queue, since two letters may be of one lead
  --queue, --dead-letters
                  those of a deployment, as the stack prints them (IngestQueueUrl, DeadLettersUrl);
                  left out: those of the leadpulse that runs here`;

const options = {
  'dry-run': { type: 'boolean' },
  show: { type: 'boolean' },
  drop: { type: 'boolean' },
  only: { type: 'string' },
  queue: { type: 'string' },
  'dead-letters': { type: 'string' },
} as const;

type Values = ReturnType<typeof read>;

function read() {
  return parseArgs({ options }).values;
}

/** What is done with each, and what is said of it afterwards. */
const ways = {
  'dry-run': 'to be looked at',
  show: 'shown',
  drop: 'dropped',
  back: 'put back',
} as const;

type Way = keyof typeof ways;

async function redrive(): Promise<void> {
  const values = read();
  const way = wayOf(values);
  const queues = await queuesOf(values);
  const sqs = new SQSClient({});
  const done: Message[] = [];
  const untouched: Message[] = [];
  for await (const message of messagesUntilNow(sqs, queues)) {
    const isMeant = values.only === undefined || message.MessageId === values.only;
    if (isMeant) done.push(message);
    if (!isMeant || way === 'dry-run' || way === 'show') untouched.push(message);
    else if (way === 'back') await putBack(sqs, queues, message);
    else await remove(sqs, queues, message);
  }
  // For whoever comes next.
  for (const message of untouched) await giveBack(sqs, queues, message);
  sqs.destroy();
  console.log(summary(done, way, values.only));
}

function wayOf(values: Values): Way {
  const asked = (['dry-run', 'show', 'drop'] as const).filter((name) => values[name]);
  const isHalf = (values.queue === undefined) !== (values['dead-letters'] === undefined);
  if (asked.length > 1 || isHalf) throw new Error(usage);
  if (values.drop && values.only === undefined) {
    throw new Error('--drop goes with --only ID: what is dropped is lost.');
  }
  return asked[0] ?? 'back';
}

interface Queues {
  readonly queue: string;
  readonly deadLetters: string;
}

async function queuesOf({ queue, 'dead-letters': deadLetters }: Values): Promise<Queues> {
  if (queue && deadLetters) return { queue, deadLetters };
  const { environment } = await findRunning();
  Object.assign(process.env, environment);
  const { INGEST_QUEUE_URL = '', INGEST_DLQ_URL = '' } = environment;
  return { queue: INGEST_QUEUE_URL, deadLetters: INGEST_DLQ_URL };
}

/** What is among the dead letters, each once, until nothing comes that was there before now. */
async function* messagesUntilNow(sqs: SQSClient, queues: Queues): AsyncGenerator<Message> {
  const startedAt = Date.now();
  const seen = new Set<string | undefined>();
  const isNew = ({ Attributes, MessageId }: Message) =>
    Number(Attributes?.SentTimestamp) > startedAt || seen.has(MessageId);
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queues.deadLetters,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['reason'],
        VisibilityTimeout: 60,
        WaitTimeSeconds: 1,
      }),
    );
    // What was put back and came at once is for the next time.
    for (const message of Messages.filter(isNew)) await giveBack(sqs, queues, message);
    const meant = Messages.filter((message) => !isNew(message));
    for (const { MessageId } of meant) seen.add(MessageId);
    yield* meant;
    if (meant.length === 0) return;
  }
}

/** In the queue first: killed in between it is in both, and stored once. */
async function putBack(sqs: SQSClient, queues: Queues, message: Message) {
  await sqs.send(new SendMessageCommand({ QueueUrl: queues.queue, MessageBody: message.Body }));
  await remove(sqs, queues, message);
}

async function remove(sqs: SQSClient, { deadLetters }: Queues, { ReceiptHandle }: Message) {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle }));
}

async function giveBack(sqs: SQSClient, { deadLetters }: Queues, { ReceiptHandle }: Message) {
  const QueueUrl = deadLetters;
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );
}

function summary(messages: readonly Message[], way: Way, only: string | undefined): string {
  if (messages.length === 0) {
    return only
      ? `No dead letter is called ${only}.`
      : 'There is nothing that could not be stored.';
  }
  const byReason = Map.groupBy(messages, reasonOf);
  const lines = [...byReason].map(([reason, { length }]) => `  ${length} × ${reason}`);
  const each = way === 'dry-run' || way === 'show' ? messages.map((one) => lineOf(one, way)) : [];
  return [`${messages.length} ${ways[way]}:`, ...lines, ...each].join('\n');
}

function reasonOf({ MessageAttributes }: Message): string {
  return MessageAttributes?.reason?.StringValue ?? 'received too often';
}

function lineOf(message: Message, way: Way): string {
  const since = new Date(Number(message.Attributes?.SentTimestamp)).toISOString().slice(0, 19);
  const { kind = 'unknown', item } = readMessage(message.Body ?? '') ?? {};
  const line = `${message.MessageId}  ${kind} ${item?.id ?? ''}  ${since}Z  ${reasonOf(message)}`;
  return way === 'show' ? `${line}\n${message.Body}` : line;
}

redrive().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
