import * as z from 'zod/mini';

/** What a SQL function stores of what waited. */
export type StoredKind = 'leads' | 'events';

/**
 * What can wait in the queue: an item of one of these kinds. A submission is what came for a hook
 * that could not be read: nobody has checked yet who sent it.
 */
export type QueuedKind = StoredKind | 'submissions';

/**
 * A message of the queue: one item; of leads and events checked and complete, as its SQL function
 * takes it. The item's own fields were checked before it was acknowledged; here is what any later
 * version must know.
 */
const messageSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['leads', 'events', 'submissions'] satisfies QueuedKind[]),
  item: z.looseObject({ id: z.guid() }),
});

/** A message of the queue, read. */
export type QueueMessage = z.infer<typeof messageSchema>;

/**
 * The text of a message. Escaped is what SQS takes in no message, U+FFFE and U+FFFF, and what it
 * did not always take, such as an emoji. With three times its 60 KB a lead still fits into 256 KB;
 * a submission of 32 KB is 44 in base64, and its headers and address are 16 at most.
 */
export function writeMessage(kind: QueuedKind, item: QueueMessage['item']): string {
  const text = JSON.stringify({ version: 1, kind, item } satisfies QueueMessage);
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16)}`;
  return text.replace(/[\ud800-\udfff\ufffe\uffff]/g, escaped);
}

/** The message in a text; undefined where it is none of ours. */
export function readMessage(text: string): QueueMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
