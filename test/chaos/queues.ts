import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

interface Message {
  readonly body: string;
  readonly messageAttributes: { readonly reason?: { readonly StringValue: string } };
}

interface Counts {
  readonly name: string;
  readonly approximateMessageCount: number;
  readonly approximateInflightCount: number;
  readonly approximateDelayedCount: number;
}

interface Contents {
  readonly messages: {
    readonly ready: readonly Message[];
    readonly delayed: readonly Message[];
    readonly inflight: readonly { readonly message: Message }[];
  };
}

/** What can never be stored, in the ways that a message can be wrong. */
export const poison = [
  'not a message',
  '{"version":1,"kind":"leads","item":{"id":"019abc00-0000-7000-8000-000000000001"}}',
];

/** The queues of intake as they are, without taking anything out of them. */
export function queuesAt(url: () => string) {
  /** Again until it answers: the process that holds them may just have been killed. */
  async function ask<T>(path: string): Promise<T> {
    for (let tries = 0; tries < 60; tries++) {
      try {
        const answer = await fetch(`${url()}/_fauxqs/queues${path}`);
        return (await answer.json()) as T;
      } catch {
        await pause(500);
      }
    }
    throw new Error('the queues do not answer');
  }

  /** Counted only: 30,000 messages in one answer would keep leadpulse from storing them. */
  async function waiting(): Promise<number> {
    const queues = await ask<readonly Counts[]>('');
    const buffer = queues.find(({ name }) => name === 'ingest');
    if (!buffer) throw new Error('there is no queue of intake');
    return (
      buffer.approximateMessageCount +
      buffer.approximateInflightCount +
      buffer.approximateDelayedCount
    );
  }

  return {
    async deadLetters() {
      const { messages } = await ask<Contents>('/ingest-dead-letters');
      const flying = messages.inflight.map(({ message }) => message);
      return [...messages.ready, ...messages.delayed, ...flying].map(
        ({ body, messageAttributes }) => ({
          body,
          reason: messageAttributes.reason?.StringValue ?? 'received too often',
        }),
      );
    },
    /** Until the buffer is empty; how many messages are left where it is not in time. */
    async drained(withinMs: number): Promise<number> {
      const end = performance.now() + withinMs;
      for (;;) {
        const left = await waiting();
        if (left === 0 || performance.now() > end) return left;
        await pause(250);
      }
    },
    /** Past the product, as nobody should. */
    async plantPoison(): Promise<void> {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const sqs = new SQSClient({ endpoint: url(), region: 'us-east-1', credentials });
      const QueueUrl = `${url()}/000000000000/ingest`;
      for (const MessageBody of poison) {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
      sqs.destroy();
    },
  };
}
