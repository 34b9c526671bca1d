import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Messages, startMessages } from '../../local/messages.ts';

let messages: Messages;
let sns: SNSClient;
beforeAll(async () => {
  messages = await startMessages();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sns = new SNSClient({ endpoint: messages.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  sns.destroy();
  await messages.close();
});

const publish = (input: PublishCommandInput) =>
  sns.send(new PublishCommand({ TopicArn: messages.topicArn, ...input }));
const attributes = { severity: { DataType: 'String', StringValue: 'warning' } };

describe('SNS on this machine', () => {
  test.each([
    [{ default: '{"id": "1"}', email: 'for people' }, { id: '1' }],
    [{ default: '{"id": "1"}', sqs: '{"id": "2"}' }, { id: '2' }],
  ])('gives a queue its own text of %j, else the default', async (texts, received) => {
    await publish({
      Subject: 'One line',
      MessageStructure: 'json',
      Message: JSON.stringify(texts),
      MessageAttributes: attributes,
    });
    expect(await messages.receive()).toEqual([
      { subject: 'One line', attributes: { severity: 'warning' }, message: received },
    ]);
    expect(await messages.receive()).toEqual([]);
  });

  test.each<[string, Partial<PublishCommandInput>]>([
    ['a subject of two lines', { Subject: 'two\nlines' }],
    ['a subject of 101 characters', { Subject: 'x'.repeat(101) }],
    ['a subject beyond ASCII', { Subject: 'José waits' }],
    ['a subject that begins with a space', { Subject: ' x' }],
    ['a JSON message without a default', { MessageStructure: 'json', Message: '{"email": "x"}' }],
    [
      'a JSON message whose default is no text',
      { MessageStructure: 'json', Message: '{"default": 1}' },
    ],
    ['a JSON message that is no JSON', { MessageStructure: 'json', Message: 'x' }],
    ['a JSON message that is no object', { MessageStructure: 'json', Message: 'null' }],
    ['another structure', { MessageStructure: 'xml' }],
    ['more than 256 KB', { Message: 'x'.repeat(262_145) }],
  ])('refuses %s', async (_, input) => {
    await expect(publish({ Message: '{}', ...input })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await messages.receive()).toEqual([]);
  });

  test('takes a subject of 100 characters', async () => {
    const Subject = 'x'.repeat(100);
    await publish({ Subject, Message: '{}', MessageAttributes: attributes });
    expect(await messages.receive()).toMatchObject([{ subject: Subject }]);
  });
});
