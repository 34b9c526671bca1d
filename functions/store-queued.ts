import { queueHandler } from '../core/jobs/stack.ts';
import { storeQueued } from '../core/queue/store-queued.ts';

/** Stores what came in while the database was away. */
export const handler = queueHandler('store-queued', storeQueued);
