import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Messages, startMessages } from '../../local/messages.ts';
import { pollQueue } from '../../local/queue-poller.ts';

let messages: Messages;
let QueueUrl: string;
beforeAll(async () => {
  messages = await startMessages();
  const create = new CreateQueueCommand({
    QueueName: 'polled',
    Attributes: { VisibilityTimeout: '1' },
  });
  QueueUrl = (await messages.sqs.send(create)).QueueUrl ?? '';
});
afterAll(() => messages.close());

async function send(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      MessageBody: `${sent + index}`,
    }));
    await messages.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function left(): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: AttributeNames as never,
  });
  const { Attributes = {} } = await messages.sqs.send(command);
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

test('asks one at a time while nothing succeeds, then goes on until all is done', async () => {
  await send(70);
  let running = 0;
  let failures = 0;
  const beside: number[] = [];
  const done = new Set<string>();
  const handler = async ({ Records }: SQSEvent) => {
    // Three batches may begin before the first has failed.
    if (failures >= 3) beside.push(running);
    running += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    running -= 1;
    failures += 1;
    if (failures <= 4) throw new Error('the database is away');
    for (const { body } of Records) done.add(body);
    return { batchItemFailures: [] };
  };
  const poller = pollQueue(messages.sqs, QueueUrl, handler);
  await expect.poll(left, { timeout: 25_000 }).toBe(0);
  await poller.stop();
  expect(beside.slice(0, 2)).toEqual([0, 0]);
  expect(done.size).toBe(70);
});

test('takes out what succeeded, and the others come again', async () => {
  await send(20);
  const times = new Map<string, number>();
  const handler = async ({ Records }: SQSEvent) => {
    const failed = Records.filter(({ body }) => {
      times.set(body, (times.get(body) ?? 0) + 1);
      return Number(body) % 2 === 1 && times.get(body) === 1;
    });
    return {
      batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
    };
  };
  const poller = pollQueue(messages.sqs, QueueUrl, handler);
  await expect.poll(left, { timeout: 25_000 }).toBe(0);
  await poller.stop();
  const expected = Array.from({ length: 20 }, (_, body) => [`${body}`, 1 + (body % 2)]);
  expect(new Map([...times].toSorted())).toEqual(new Map(expected.toSorted() as never));
});
