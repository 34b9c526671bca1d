import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
  // For its owner alone; SQLite gives its other files the mode of this one.
  closeSync(openSync(join(folder, 'fauxqs.db'), 'a', 0o600));
  const persistence = new PersistenceManager(folder);
  // Of a person who is erased nothing stays here either.
  persistence.db.exec('pragma secure_delete = on');
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
  const left = persistence.db.prepare('select exists (select 1 from sqs_messages) as any_left');
  let waiting: (() => void)[] = [];
  const flush = () => {
    const writes = waiting;
    waiting = [];
    if (writes.length === 0) return;
    persistence.transaction(() => {
      for (const write of writes) write();
    });
    // What was removed is in the log of writes until that is cut off.
    if (!left.get().any_left) persistence.db.exec('pragma wal_checkpoint(truncate)');
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
