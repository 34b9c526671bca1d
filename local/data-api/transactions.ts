import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { DataApiError, toDataApiError, validationError } from './errors.ts';
import type { Sessions } from './sessions.ts';

/** Open transactions by id, each with a connection of its own. */
export type Transactions = {
  begin(database: string): Promise<string>;
  /** One call at a time; `database` must be the transaction's where it is named. */
  use<T>(
    id: string,
    database: string | undefined,
    work: (client: PoolClient, database: string) => Promise<T>,
  ): Promise<T>;
  /** A commit of a transaction that an error has aborted rolls back, and says nothing of it. */
  finish(id: string, how: 'commit' | 'rollback'): Promise<void>;
  close(): Promise<void>;
};

type Transaction = {
  client: PoolClient;
  database: string;
  busy: boolean;
  idle: NodeJS.Timeout | undefined;
};

/** Keeps transactions; one that nobody calls for `idleMs` is rolled back and forgotten. */
export function openTransactions(sessions: Sessions, idleMs: number): Transactions {
  const open = new Map<string, Transaction>();

  const end = async (id: string) => {
    const transaction = open.get(id);
    clearTimeout(transaction?.idle);
    if (open.delete(id) && transaction) await sessions.giveBack(transaction.client);
  };
  const watch = (id: string, transaction: Transaction) => {
    transaction.busy = false;
    transaction.idle = setTimeout(() => end(id), idleMs).unref();
  };
  return {
    async begin(database) {
      const client = await sessions.take(database, 'transaction');
      const id = randomBytes(138).toString('base64');
      const transaction = { client, database, busy: true, idle: undefined };
      open.set(id, transaction);
      await client.query('begin').catch(async (error) => {
        await end(id);
        throw toDataApiError(error, database);
      });
      watch(id, transaction);
      return id;
    },
    async use(id, database, work) {
      const transaction = claim(open, id);
      let isLost = false;
      try {
        if (database !== undefined && database !== transaction.database) {
          throw validationError('The database is not the one of the transaction');
        }
        return await work(transaction.client, transaction.database);
      } catch (error) {
        const answer = toDataApiError(error, transaction.database);
        isLost = answer.name === 'DatabaseUnavailableException';
        throw answer;
      } finally {
        // A `commit` sent as SQL has ended it, too.
        if (isLost || transaction.client.getTransactionStatus() === 'I') await end(id);
        else watch(id, transaction);
      }
    },
    async finish(id, how) {
      const { client, database } = claim(open, id);
      try {
        await client.query(how);
      } catch (error) {
        throw toDataApiError(error, database);
      } finally {
        // Not awaited: the answer need not wait for the session to be cleaned.
        void end(id);
      }
    },
    async close() {
      // A busy one is left to its statement, which the sessions' close cuts off.
      const idle = [...open].filter(([, { busy }]) => !busy);
      await Promise.all(idle.map(([id]) => end(id)));
    },
  };
}

function claim(open: Map<string, Transaction>, id: string): Transaction {
  const transaction = open.get(id);
  if (!transaction) {
    throw new DataApiError('TransactionNotFoundException', `Transaction ${id} is not found`, 404);
  }
  if (transaction.busy) {
    throw new DataApiError('DatabaseErrorException', 'Transaction is still running a query');
  }
  transaction.busy = true;
  clearTimeout(transaction.idle);
  return transaction;
}
