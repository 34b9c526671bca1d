import { handler as alerts } from '../functions/alerts.ts';
import { handler as authorize } from '../functions/authorize.ts';
import { handler as experiments } from '../functions/experiments.ts';
import { handler as hooks } from '../functions/hooks.ts';
import { handler as ingest } from '../functions/ingest.ts';
import { handler as keys } from '../functions/keys.ts';
import { handler as manage } from '../functions/manage.ts';
import { handler as reports } from '../functions/reports.ts';
import { handler as site } from '../functions/site.ts';
import { handler as storeQueued } from '../functions/store-queued.ts';
import { handler as workspace } from '../functions/workspace.ts';
import type { Handlers } from './gateway/server.ts';
import type { QueueHandler } from './queue-poller.ts';

/** The functions that routes name. */
export const handlers = {
  alerts,
  authorize,
  experiments,
  hooks,
  ingest,
  keys,
  manage,
  reports,
  site,
  workspace,
} as unknown as Handlers;

/** What the queue of intake feeds. */
export const queueHandler = storeQueued as unknown as QueueHandler;
