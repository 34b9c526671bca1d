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
  persistence.updateMessageReady = (id: string) => {
    const sql = `update sqs_messages set receipt_handle = null, visibility_deadline = null
      where message_id = ?`;
    persistence.db.prepare(sql).run(id);
  };
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  // Loaded before they write, lest loading writes everything anew.
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

// biome-ignore lint/suspicious/noExplicitAny: parts that fauxqs gives no types for
async function partOf(name: string): Promise<any> {
  return import(pathToFileURL(resolve('node_modules/fauxqs/dist', `${name}.js`)).href);
}
