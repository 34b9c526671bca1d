import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { settings } from '../settings.ts';
import { openClient } from './queue.ts';

/** Lets messages come again after so many seconds, instead of when their lease is over. */
export async function comeAgain(
  messages: readonly { receiptHandle: string; seconds: number }[],
): Promise<void> {
  const client = openClient();
  // As many as SQS takes in one call.
  for (let start = 0; start < messages.length; start += 10) {
    const entries = messages.slice(start, start + 10);
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: settings().INGEST_QUEUE_URL,
      Entries: entries.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      })),
    });
    await client.send(command, { abortSignal: AbortSignal.timeout(2000) });
  }
}
