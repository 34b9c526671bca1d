import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

interface Message {
  readonly body: string;
  readonly messageAttributes: { readonly reason?: { readonly StringValue: string } };
}

interface Contents {
  readonly messages: {
    readonly ready: readonly Message[];
    readonly delayed: readonly Message[];
    readonly inflight: readonly { readonly message: Message }[];
  };
}

/** The queues of intake as they are, without taking anything out of them. */
export function queuesAt(url: () => string) {
  /** Again until it answers: the process that holds them may just have been killed. */
  async function contents(name: string): Promise<readonly Message[]> {
    for (let tries = 0; tries < 60; tries++) {
      try {
        const answer = await fetch(`${url()}/_fauxqs/queues/${name}`);
        const { messages } = (await answer.json()) as Contents;
        const flying = messages.inflight.map(({ message }) => message);
        return [...messages.ready, ...messages.delayed, ...flying];
      } catch {
        await pause(500);
      }
    }
    throw new Error(`the queue ${name} does not answer`);
  }

  return {
    waiting: async () => (await contents('ingest')).length,
    async deadLetters() {
      return (await contents('ingest-dead-letters')).map(({ body, messageAttributes }) => ({
        body,
        reason: messageAttributes.reason?.StringValue ?? 'received too often',
      }));
    },
    /** Until the buffer is empty; how many messages are left where it is not in time. */
    async drained(withinMs: number): Promise<number> {
      const end = performance.now() + withinMs;
      for (;;) {
        const left = (await contents('ingest')).length;
        if (left === 0 || performance.now() > end) return left;
        await pause(250);
      }
    },
    /** Past the product. */
    async send(body: string): Promise<void> {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const sqs = new SQSClient({ endpoint: url(), region: 'us-east-1', credentials });
      const QueueUrl = `${url()}/000000000000/ingest`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
      sqs.destroy();
    },
  };
}
