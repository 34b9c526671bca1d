import * as z from 'zod/mini';

/** What can wait in the queue: an item of one of these kinds. */
export type QueuedKind = 'leads' | 'events';

/**
 * A message of the queue: one item, checked and complete, as its SQL function takes it. The item's
 * own fields were checked before it was acknowledged; here is what any later version must know.
 */
const messageSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['leads', 'events'] satisfies QueuedKind[]),
  item: z.looseObject({ id: z.guid() }),
});

/** A message of the queue, read. */
export type QueueMessage = z.infer<typeof messageSchema>;

/** The text of a message. */
export function writeMessage(kind: QueuedKind, item: QueueMessage['item']): string {
  return JSON.stringify({ version: 1, kind, item } satisfies QueueMessage);
}

/** The message in a text; undefined where it is none of ours. */
export function readMessage(text: string): QueueMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
