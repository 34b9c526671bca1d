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

/**
 * Stands in for Lambda's event source mapping: hands over up to 25 messages at a time, to five
 * invocations at most, and takes those out of the queue that are not reported as failed; of an
 * invocation that throws, none.
 */
export function pollQueue(sqs: SQSClient, queueUrl: string, handler: QueueHandler) {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const poll = async () => {
    while (!stopping.signal.aborted) {
      const messages = await gather(sqs, queueUrl, stopping.signal);
      if (messages.length === 0) continue;
      const run = invoke(messages).finally(() => running.delete(run));
      running.add(run);
      if (running.size >= mostAtOnce) await Promise.race(running);
    }
  };
  // What cannot be handed over, or taken out, comes again by itself.
  const invoke = (messages: readonly Message[]) =>
    handler({ Records: messages.map(toRecord) })
      .then(({ batchItemFailures }) => {
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        return remove(
          sqs,
          queueUrl,
          messages.filter(({ MessageId = '' }) => !failed.has(MessageId)),
        );
      })
      .catch(() => undefined);
  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

/** Up to 25 messages, waiting for the first ones; none where the queue does not answer. */
async function gather(sqs: SQSClient, queueUrl: string, signal: AbortSignal): Promise<Message[]> {
  const gathered: Message[] = [];
  for (;;) {
    const most = Math.min(handful, batchSize - gathered.length);
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: gathered.length === 0 ? 20 : 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const received = await sqs.send(command, { abortSignal: signal }).then(
      ({ Messages = [] }) => Messages,
      async () => {
        await pause(1000, undefined, { signal }).catch(() => undefined);
        return [];
      },
    );
    gathered.push(...received);
    if (received.length < most || gathered.length === batchSize) return gathered;
  }
}

async function remove(sqs: SQSClient, queueUrl: string, messages: readonly Message[]) {
  for (let start = 0; start < messages.length; start += handful) {
    const entries = messages.slice(start, start + handful);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
      }),
    );
  }
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
