import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** A function that a queue feeds, as Lambda calls it. */
export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

const batchSize = 25;
const mostAtOnce = 5;
/** As many as SQS hands over at a time. */
const handful = 10;
const longestPauseMs = 2000;

/**
 * Stands in for Lambda's event source mapping: hands over up to 25 messages at a time, to five
 * invocations at most, and takes those out of the queue that are not reported as failed; of an
 * invocation that throws, none. While nothing succeeds it asks one at a time and ever more seldom,
 * as Lambda backs off: going round and round through a backlog would take its time from intake.
 */
export function pollQueue(sqs: SQSClient, queueUrl: string, handler: QueueHandler) {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let failedInARow = 0;
  const poll = async () => {
    while (!stopping.signal.aborted) {
      while (running.size >= (failedInARow > 0 ? 1 : mostAtOnce)) await Promise.race(running);
      if (failedInARow > 0) await pauseAfter(failedInARow, stopping.signal);
      const messages = await gather(sqs, queueUrl, stopping.signal);
      if (messages.length === 0) continue;
      const run = invoke(messages).finally(() => running.delete(run));
      running.add(run);
    }
  };
  const invoke = async (messages: readonly Message[]) => {
    const failed = await failedOf(handler, messages);
    failedInARow = failed.size < messages.length ? 0 : failedInARow + 1;
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    // What cannot be taken out comes again by itself.
    await remove(sqs, queueUrl, done).catch(() => undefined);
  };
  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

/** Which of the messages have to come again, by their ids. */
async function failedOf(handler: QueueHandler, messages: readonly Message[]) {
  try {
    const { batchItemFailures } = await handler({ Records: messages.map(toRecord) });
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch {
    return new Set(messages.map(({ MessageId = '' }) => MessageId));
  }
}

/** From half a second to two. */
async function pauseAfter(failedInARow: number, signal: AbortSignal): Promise<void> {
  const milliseconds = Math.min(longestPauseMs, 250 * 2 ** failedInARow);
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}

/**
 * Up to 25 messages, waiting for the first ones; none where the queue does not answer. The others
 * are asked for at once: one call after the other was half of the time that a backlog took.
 */
async function gather(sqs: SQSClient, queueUrl: string, signal: AbortSignal): Promise<Message[]> {
  const receive = (most: number, waitSeconds: number) => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return sqs.send(command, { abortSignal: signal }).then(
      ({ Messages = [] }) => Messages,
      async () => {
        await pause(1000, undefined, { signal }).catch(() => undefined);
        return [];
      },
    );
  };
  const first = await receive(handful, 20);
  if (first.length < handful) return first;
  const others = await Promise.all([receive(handful, 0), receive(batchSize - 2 * handful, 0)]);
  return [...first, ...others.flat()];
}

async function remove(sqs: SQSClient, queueUrl: string, messages: readonly Message[]) {
  const starts = Array.from(
    { length: Math.ceil(messages.length / handful) },
    (_, n) => n * handful,
  );
  await Promise.all(
    starts.map((start) => {
      const entries = messages.slice(start, start + handful);
      return sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: entries.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
        }),
      );
    }),
  );
}

function toRecord({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }: Message) {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes ?? {},
    messageAttributes: {},
    eventSource: 'aws:sqs',
    awsRegion: 'us-east-1',
  } as unknown as SQSRecord;
}
