import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { buildApp } from 'fauxqs';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

/**
 * Queues that outlive this process, in a SQLite file of this folder: each message is on disk before
 * it is acknowledged. fauxqs keeps them so in `startFauxqs` alone, which listens on every network
 * the machine is in, and exports none of its parts: hence by the path of their files.
 */
export async function openQueueStore(folder: string): Promise<{ stores: Stores; close(): void }> {
  const [{ PersistenceManager }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['persistence', 'sqs/sqsStore', 'sns/snsStore', 's3/s3Store'].map(partOf),
  );
  const persistence = new PersistenceManager(folder);
  // Its own writes a receive count of null, which its table refuses: ChangeMessageVisibility of 0
  // was answered with 500.
  const ready = persistence.db.prepare(
    `update sqs_messages
     set receipt_handle = null, visibility_deadline = null
     where message_id = ?`,
  );
  persistence.updateMessageReady = (id: string) => ready.run(id);
  syncTogether(persistence);
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Loaded before they write, lest loading writes everything anew.
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

/**
 * One sync for the ten messages that a call receives, returns or removes, still before it is
 * answered. With one for each, a backlog of 30,000 kept new leads from being taken for seconds.
 */
// biome-ignore lint/suspicious/noExplicitAny: a part that fauxqs gives no types for
function syncTogether(persistence: any): void {
  let waiting: (() => void)[] = [];
  const flush = () => {
    const writes = waiting;
    waiting = [];
    if (writes.length === 0) return;
    persistence.transaction(() => {
      for (const write of writes) write();
    });
  };
  for (const name of ['updateMessageInflight', 'updateMessageReady', 'deleteMessage']) {
    const write = persistence[name].bind(persistence);
    persistence[name] = (...values: unknown[]) => {
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push(() => write(...values));
    };
  }
  // Moving to another queue is removing and sending: in that order.
  const insert = persistence.insertMessage.bind(persistence);
  persistence.insertMessage = (...values: unknown[]) => {
    flush();
    insert(...values);
  };
}

// biome-ignore lint/suspicious/noExplicitAny: parts that fauxqs gives no types for
async function partOf(name: string): Promise<any> {
  return import(pathToFileURL(resolve('node_modules/fauxqs/dist', `${name}.js`)).href);
}
