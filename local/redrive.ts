import { parseArgs } from 'node:util';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { findRunning } from './running.ts';

const usage = `npm run redrive [-- --dry-run] [--queue URL --dead-letters URL]

  Puts what could not be stored back into the queue, to be tried again: once its cause is mended.
  --dry-run       only says what is there, and why
  --queue, --dead-letters
                  those of a deployment, as the stack prints them (IngestQueueUrl, DeadLettersUrl);
                  left out: those of the leadpulse that runs here`;

async function redrive(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean' },
      queue: { type: 'string' },
      'dead-letters': { type: 'string' },
    },
  });
  const { queue, 'dead-letters': deadLetters } = values;
  if ((queue === undefined) !== (deadLetters === undefined)) throw new Error(usage);
  const queues = queue && deadLetters ? { queue, deadLetters } : await queuesHere();
  const sqs = new SQSClient({});
  const counts = new Map<string, number>();
  const looked: Message[] = [];
  for await (const message of messagesUntilNow(sqs, queues.deadLetters)) {
    const reason = message.MessageAttributes?.reason?.StringValue ?? 'received too often';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    if (values['dry-run']) looked.push(message);
    else await putBack(sqs, queues, message);
  }
  // Only looked at: there for whoever comes next.
  for (const message of looked) await giveBack(sqs, queues, message);
  sqs.destroy();
  console.log(summary(counts, values['dry-run'] ? 'to be looked at' : 'put back'));
}

interface Queues {
  readonly queue: string;
  readonly deadLetters: string;
}

async function queuesHere(): Promise<Queues> {
  const { environment } = await findRunning();
  Object.assign(process.env, environment);
  const { INGEST_QUEUE_URL = '', INGEST_DLQ_URL = '' } = environment;
  return { queue: INGEST_QUEUE_URL, deadLetters: INGEST_DLQ_URL };
}

/** Those that were put aside before now: what comes back at once is not taken a second time. */
async function* messagesUntilNow(sqs: SQSClient, url: string): AsyncGenerator<Message> {
  const startedAt = Date.now();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['reason'],
        VisibilityTimeout: 60,
        WaitTimeSeconds: 1,
      }),
    );
    const older = Messages.filter(({ Attributes }) => {
      return Number(Attributes?.SentTimestamp) <= startedAt;
    });
    yield* older;
    if (older.length === 0) return;
  }
}

/** In the queue first: killed in between it is in both, and stored once. */
async function putBack(sqs: SQSClient, { queue, deadLetters }: Queues, message: Message) {
  await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: message.Body }));
  const { ReceiptHandle } = message;
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle }));
}

async function giveBack(sqs: SQSClient, { deadLetters }: Queues, { ReceiptHandle }: Message) {
  const QueueUrl = deadLetters;
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );
}

function summary(counts: ReadonlyMap<string, number>, what: string): string {
  if (counts.size === 0) return 'There is nothing that could not be stored.';
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...counts].map(([reason, count]) => `\n  ${count} × ${reason}`);
  return `${all} ${what}:${reasons.join('')}`;
}

redrive().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
