import { createHash } from 'node:crypto';
import { v5, v7 } from 'uuid';
import * as z from 'zod/mini';
import { endpoint, type RawBody } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest, type RequestKey, requestKeyForm } from '../http/request-key.ts';
import { source } from '../leads/fields.ts';
import { knownLeadId, leadItem } from '../leads/take-lead.ts';
import { queuedForm, storeOrQueue } from '../queue/store-or-queue.ts';
import { checkSecretIn, checkSender } from './authenticity.ts';
import { readLead } from './read-lead.ts';
import { hookOf } from './stored-hooks.ts';
import type { Sent } from './submission.ts';

/** What a path with a source needs. */
export const pathWithSource = z.object({
  source: source.check(z.refine((text) => !text.includes('\0'), 'may not contain U+0000')),
});

const answer = z.strictObject({
  id: z.uuid(),
  status: z.enum(['stored', 'known', 'queued']),
  /** How many; they stand in the lead's raw_data. */
  findings: z.int(),
});
const statuses: Record<number, string> = { 200: 'known', 201: 'stored', 202: 'queued' };

/** `POST /v1/hooks/{source}`: takes in what a form or a provider sends, by the source's mapping. */
export const takeHook = endpoint({
  path: pathWithSource,
  creates: true,
  intake: true,
  raw: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  answers: {
    200: { description: 'This lead was here already; nothing changed', schema: answer },
    201: { description: 'Stored', schema: answer },
    202: { description: queuedForm.description, schema: answer },
  },
  async run({ path: { source }, raw, now }) {
    const sent = sentOf(raw as RawBody);
    const hook = await hookOf(source, Date.parse(now));
    if (!hook) throw new Problem(404, 'There is no hook for this source.');
    const { authenticity, secrets } = hook;
    const checked = { source, authenticity, secrets: secrets ?? [], now };
    const message = await checkSender(raw as RawBody, checked);
    const { submission, lead, raw_data, findings } = await readLead(sent, { ...hook, now });
    checkSecretIn(submission, checked);
    const key = requestKeyIn(raw as RawBody, source);
    const { id, fresh } = leadIdOf(source, { external_id: lead.external_id, message, key });
    const columns = { ...lead, ...key, source, raw_data };
    const item = leadItem(columns, {
      id,
      bounds: { only_source: source, viewer_agent_id: undefined },
    });
    const { status, headers, body } = await storeOrQueue('leads', item, {
      now,
      fresh,
      location: (id) => `/v1/leads/${id}`,
    });
    // Who sends is told of the lead no more than its id: a form is sent by whoever fills it in.
    const { id: stored } = body as { id: string };
    return { status, headers, body: { id: stored, status: statuses[status], findings } };
  },
});

function sentOf({ bytes, headers }: RawBody): Sent {
  return { bytes, contentType: headers['content-type'] ?? '' };
}

/** The source's own. What is no key is none: no lead is refused for a header. */
function requestKeyIn({ headers, bytes }: RawBody, source: string): RequestKey | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || !requestKeyForm.test(key)) return undefined;
  return {
    idempotency_scope: `hook ${source}`,
    idempotency_key: key,
    request_sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Namespace of ids made from the ids of signed messages. Never changes: replays depend on it. */
const messageNamespace = '0c8fd8a4-7a4e-5d0b-8e55-6a7c0d2b9f34';

function leadIdOf(
  source: string,
  known: { external_id?: string; message?: string | undefined; key?: RequestKey | undefined },
) {
  const { external_id, message, key } = known;
  if (external_id !== undefined) return { id: knownLeadId(source, external_id), fresh: false };
  if (key) return { id: idOfRequest(key), fresh: false };
  if (message === undefined) return { id: v7(), fresh: true };
  return { id: v5(JSON.stringify([source, message]), messageNamespace), fresh: false };
}
