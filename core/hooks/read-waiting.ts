import { isOutage } from '../database/errors.ts';
import { Problem } from '../http/problem.ts';
import { framesOf, logger } from '../log.ts';
import { type Hook, readHook } from './stored-hooks.ts';
import { submittedLead } from './submitted-lead.ts';
import { waitedOf } from './waiting-submission.ts';

/**
 * What became of a submission that waited: a lead to store; nothing, since a request would have
 * been refused; to be read later; or none that this version knows.
 */
export type Waited =
  | { readonly lead: Readonly<Record<string, unknown>> & { readonly id: string } }
  | 'refused'
  | 'later'
  | 'unknown';

/**
 * Reads submissions as a request would have done when they came in, each by its source's hook as it
 * is now, which is asked for once. While the database is away it is left alone, as by requests.
 */
export function waitingReader(): (item: unknown) => Promise<Waited> {
  const hooks = new Map<string, Promise<Hook | undefined>>();
  const hookOf = (source: string) => {
    const asked = hooks.get(source) ?? readHook(source);
    hooks.set(source, asked);
    return asked;
  };
  return (item) => waited(item, hookOf);
}

async function waited(
  waiting: unknown,
  hookOf: (source: string) => Promise<Hook | undefined>,
): Promise<Waited> {
  const received = waitedOf(waiting);
  if (!received) return 'unknown';
  const { id, source, received_at } = received;
  try {
    const { item } = await submittedLead(received, await hookOf(source));
    return { lead: { created_at: received_at, ...item } };
  } catch (error) {
    if (error instanceof Problem) {
      logger.info('dropped', { kind: 'submissions', id, status: error.status });
      return 'refused';
    }
    // What nobody foresaw holds up no other, and is there still when it is mended.
    const { name } = error as Error;
    if (!isOutage(error))
      logger.error('not read', { id, error_name: name, stack: framesOf(error) });
    return 'later';
  }
}
