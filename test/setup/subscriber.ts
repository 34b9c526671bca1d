import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import type { Messages } from '../../local/messages.ts';

/** A queue that hears a topic from now on: all of it, or what its filter policy lets in. */
export async function subscribe(
  { url, sqs }: Messages,
  { topicArn, filterPolicy }: { topicArn: string; filterPolicy?: object },
) {
  const QueueName = `subscriber-${v7()}`;
  await sqs.send(new CreateQueueCommand({ QueueName }));
  const QueueUrl = `${url}/000000000000/${QueueName}`;
  const { Attributes: queue } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sns = new SNSClient({ endpoint: url, region: 'us-east-1', credentials });
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queue?.QueueArn,
      ...(filterPolicy && { Attributes: { FilterPolicy: JSON.stringify(filterPolicy) } }),
    }),
  );
  sns.destroy();
  return {
    /** What has arrived since the last look, as it was published, parsed. */
    async received() {
      const all = [];
      for (;;) {
        const { Messages: some = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        if (some.length === 0) return all;
        for (const { Body = '', ReceiptHandle } of some) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          all.push(JSON.parse(JSON.parse(Body).Message));
        }
      }
    },
  };
}
