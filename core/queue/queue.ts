import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settings } from '../settings.ts';

/**
 * Puts a message into the queue that stands in for the database: at most two tries of a second.
 * Throws where it cannot, or where there is no queue.
 */
export async function sendToQueue(body: string): Promise<void> {
  await send(settings().INGEST_QUEUE_URL, body);
}

/** Puts a message aside for a person, with why: a constraint or a code, never what it holds. */
export async function sendToDeadLetters(body: string, reason: string): Promise<void> {
  await send(settings().INGEST_DLQ_URL, body, reason);
}

let client: SQSClient | undefined;

/** The one client, made when it is first needed. */
export function openClient(): SQSClient {
  client ??= new SQSClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000 },
  });
  return client;
}

async function send(url: string | undefined, body: string, reason?: string): Promise<void> {
  if (!url) throw new Error('INGEST_QUEUE_URL or INGEST_DLQ_URL is not set');
  const command = new SendMessageCommand({
    QueueUrl: url,
    MessageBody: body,
    ...(reason !== undefined && {
      MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
    }),
  });
  await openClient().send(command, { abortSignal: AbortSignal.timeout(2000) });
}
