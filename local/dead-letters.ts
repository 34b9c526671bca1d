import { setTimeout as pause } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Messages } from './messages.ts';

/**
 * Stands in for the deployed alarm: tells when more is among the dead letters than was told before,
 * and of those that a process before this one left there.
 */
export function watchDeadLetters(
  { sqs, deadLettersUrl }: Messages,
  log: (line: string) => void,
  everyMs = 10_000,
) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watch = async () => {
    let told = 0;
    while (!signal.aborted) {
      const count = await countOf();
      if (count > told) log(sentenceOf(count));
      told = count;
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const countOf = async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: deadLettersUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
  };
  const watching = watch().catch((error: Error) => {
    if (!signal.aborted) log(`Dead letters are not told of any more: ${error.message}`);
  });
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

function sentenceOf(count: number): string {
  return `
ALERT  ${count === 1 ? '1 lead or event' : `${count} leads and events`} could not be stored
       What and why, and what to do: npm run redrive -- --dry-run
`;
}
