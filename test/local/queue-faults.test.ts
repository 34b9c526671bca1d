import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FaultFile, writeFaults } from '../../local/faults.ts';
import { type Messages, startMessages } from '../../local/messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'leadpulse-faults-'));
const faultsFile = join(folder, 'faults.json');
const plan = (plans: FaultFile) => writeFaults(faultsFile, plans);
let messages: Messages;
let sqs: SQSClient;
let QueueUrl: string;

beforeAll(async () => {
  messages = await startMessages({ faultsFile });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: messages.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  sqs.destroy();
  await messages.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async ({ task }) => {
  plan({});
  const QueueName = task.id.replaceAll(/\W/g, '_');
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
});

const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const receive = async (more: object = {}): Promise<Message[]> => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more });
  return (await sqs.send(command)).Messages ?? [];
};
const remove = ({ ReceiptHandle }: Message) =>
  sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
const bodies = (received: Message[]) => received.map(({ Body }) => Body);

// Three, since the SDK tries three times.
test('unavailable: a 503, and nothing was taken', async () => {
  plan({ queue: { shares: { unavailable: 1 }, calls: 3 } });
  await expect(send('x')).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    $metadata: { httpStatusCode: 503, attempts: 3 },
  });
  expect(await receive()).toEqual([]);
});

test('reset: the connection is dropped, and nothing was taken', async () => {
  plan({ queue: { shares: { reset: 1 }, calls: 3 } });
  await expect(send('x')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await receive()).toEqual([]);
});

test('cut: the message is there, and the client sends it again', async () => {
  plan({ queue: { shares: { cut: 1 }, calls: 1 } });
  await send('x');
  expect(bodies(await receive())).toEqual(['x', 'x']);
});

test('slow: the message comes though its sender has left', async () => {
  plan({ queue: { shares: { slow: 1 }, slowMs: 300, calls: 1 } });
  const command = new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
  const left = sqs.send(command, { abortSignal: AbortSignal.timeout(100) });
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  expect(bodies(await receive({ WaitTimeSeconds: 5 }))).toEqual(['x']);
});

test('a queue can be made while it is away', async () => {
  plan({ queue: { shares: { unavailable: 1 } } });
  await sqs.send(new CreateQueueCommand({ QueueName: 'made-meanwhile' }));
});

test('twice: the first one cannot take it away from the second', async () => {
  await send('x');
  plan({ messages: { shares: { twice: 1 }, calls: 1 } });
  for (const message of await receive()) await remove(message);
  const [second, ...more] = await receive();
  expect([second?.Body, more]).toEqual(['x', []]);
  await remove(second ?? {});
  expect(await receive({ VisibilityTimeout: 0 })).toEqual([]);
});

test('later: younger ones come first', async () => {
  await send('older');
  await send('younger');
  plan({ messages: { shares: { later: 1 }, calls: 1 } });
  expect(bodies(await receive())).toEqual(['younger']);
  expect(bodies(await receive({ WaitTimeSeconds: 5 }))).toEqual(['older']);
});

test('what was handed to a client that had left comes at once', async () => {
  const waiting = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const left = sqs.send(waiting, { abortSignal: AbortSignal.timeout(200) });
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  await send('x');
  expect(bodies(await receive({ WaitTimeSeconds: 5 }))).toEqual(['x']);
});
