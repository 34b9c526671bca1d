import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let folder: string;
let host: ChildProcess;
let sqs: SQSClient;

/** A process that holds the queues and nothing else. */
async function start(): Promise<void> {
  host = fork(new URL('../setup/queue-host.ts', import.meta.url), [folder]);
  const [endpoint] = await once(host, 'message');
  sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function kill(): Promise<void> {
  sqs.destroy();
  host.kill('SIGKILL');
  await once(host, 'exit');
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadpulse-queues-'));
  await start();
});
afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

const queue = async (QueueName = 'buffer', Attributes: Record<string, string> = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
const send = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const receive = async (QueueUrl: string, VisibilityTimeout = 60) => {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    VisibilityTimeout,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  return (await sqs.send(command)).Messages ?? [];
};

test('of what was taken out nothing stays on disk, and the files are their owner’s', async () => {
  const url = await queue();
  await send(url, 'of a person');
  const onDisk = () =>
    readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes('of a person'));
  expect(onDisk()).toBe(true);
  const modes = readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  const [message] = await receive(url);
  await sqs.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }),
  );
  expect(onDisk()).toBe(false);
});

test('what was sent is there after kill -9 in the middle of sending', async () => {
  const url = await queue();
  const taken = new Set<string>();
  const sending = Array.from({ length: 8 }, async () => {
    for (;;) {
      const { MessageId } = await send(url, 'x');
      taken.add(MessageId ?? '');
    }
  });
  const ended = Promise.allSettled(sending);
  while (taken.size < 200) await send(url, 'y').then(({ MessageId }) => taken.add(MessageId ?? ''));
  await kill();
  await ended;
  await start();
  const found = new Set<string>();
  for (let some = await receive(url); some.length > 0; some = await receive(url)) {
    for (const { MessageId = '' } of some) found.add(MessageId);
  }
  expect([...taken].filter((id) => !found.has(id))).toEqual([]);
});

test('what was in flight is still so, and what was deleted stays away', async () => {
  const url = await queue();
  for (const body of ['flies', 'gone', 'waits']) await send(url, body);
  const [flies, gone, waits] = await receive(url);
  const change = { QueueUrl: url, ReceiptHandle: waits?.ReceiptHandle, VisibilityTimeout: 0 };
  await sqs.send(new ChangeMessageVisibilityCommand(change));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: gone?.ReceiptHandle }));
  await kill();
  await start();
  const [again, ...more] = await receive(url);
  expect([again?.Body, again?.Attributes?.ApproximateReceiveCount]).toEqual(['waits', '2']);
  expect(more).toEqual([]);
  const done = { QueueUrl: url, ReceiptHandle: flies?.ReceiptHandle };
  await sqs.send(new ChangeMessageVisibilityCommand({ ...done, VisibilityTimeout: 0 }));
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['flies']);
});

test('a message given back at once comes at once', async () => {
  const url = await queue();
  await send(url, 'back');
  const [first] = await receive(url);
  const change = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 };
  await sqs.send(new ChangeMessageVisibilityCommand(change));
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['back']);
});

test('what was received too often is among the dead letters, also after kill -9', async () => {
  const dead = await queue('dead');
  const redrive = { deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:dead` };
  const url = await queue('short-lived', {
    RedrivePolicy: JSON.stringify({ ...redrive, maxReceiveCount: 1 }),
  });
  await send(url, 'too often');
  expect(await receive(url, 0)).toHaveLength(1);
  expect(await receive(url)).toEqual([]);
  await kill();
  await start();
  expect(await receive(url)).toEqual([]);
  expect((await receive(dead)).map(({ Body }) => Body)).toEqual(['too often']);
});
