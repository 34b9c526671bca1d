import * as z from 'zod/mini';
import { DatabaseError } from '../database/errors.ts';
import { type Answer, endpoint, type RawBody } from '../http/endpoint.ts';
import { source } from '../leads/fields.ts';
import { keep, outageOf, queuedForm, storeOrQueue } from '../queue/store-or-queue.ts';
import { checkKey } from './authenticity.ts';
import { findingsOf } from './findings.ts';
import { type Received, receivedNow } from './received.ts';
import { hookOf } from './stored-hooks.ts';
import { readSubmission } from './submission.ts';
import { sentOf, submittedLead } from './submitted-lead.ts';
import { waitingOf } from './waiting-submission.ts';

/** What a path with a source needs. */
export const pathWithSource = z.object({
  source: source.check(z.refine((text) => !text.includes('\0'), 'may not contain U+0000')),
});

const stored = z.strictObject({
  id: z.uuid(),
  status: z.enum(['stored', 'known']),
  /** How many; they stand in the lead's raw_data. */
  findings: z.int(),
});
/** Both are null where the hook could not be read either: then nobody knows them yet. */
const queued = z.strictObject({
  id: z.nullable(z.uuid()),
  status: z.literal('queued'),
  findings: z.nullable(z.int()),
});
const statuses: Record<number, string> = { 200: 'known', 201: 'stored', 202: 'queued' };

/** `POST /v1/hooks/{source}`: takes in what a form or a provider sends, by the source's mapping. */
export const takeHook = endpoint({
  path: pathWithSource,
  creates: true,
  intake: true,
  raw: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: stored },
    201: { description: 'Stored', schema: stored },
    202: {
      description:
        `${queuedForm.description}. Without an id where the source's hook could not be read: ` +
        'then it is checked later who sent this, and what nobody may send is dropped',
      schema: queued,
    },
  },
  async run({ path: { source }, raw, now }) {
    const received = receivedNow(raw as RawBody, { source, now });
    const hook = await hookOf(source, Date.parse(now)).catch(outageOf);
    if (hook instanceof DatabaseError) return keptUnread(received, hook);
    const { item, fresh, findings } = await submittedLead(received, hook);
    const { status, headers, body } = await storeOrQueue('leads', item, {
      now,
      fresh,
      location: (id) => `/v1/leads/${id}`,
    });
    // Who sends is told of the lead no more than its id: a form is sent by whoever fills it in.
    const { id } = body as { id: string };
    return { status, headers, body: { id, status: statuses[status], findings } };
  },
});

/**
 * Keeps a submission as it came, for when its hook can be read. What is wrong whatever the hook
 * says is refused now: a form that nobody can parse, a key of ours that may not send this.
 */
async function keptUnread(received: Received, outage: DatabaseError): Promise<Answer> {
  const namesKey = /^Bearer lp_/i.test(received.headers.authorization ?? '');
  const key = namesKey ? await checkKey(received) : undefined;
  await readSubmission(sentOf(received), findingsOf());
  await keep('submissions', waitingOf(received, key), outage);
  return {
    status: 202,
    headers: { 'retry-after': '5' },
    body: { id: null, status: 'queued', findings: null },
  };
}
