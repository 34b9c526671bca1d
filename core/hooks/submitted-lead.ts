import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import { Problem } from '../http/problem.ts';
import { idOfRequest, type RequestKey, requestKeyForm } from '../http/request-key.ts';
import { knownLeadId, leadItem } from '../leads/lead-item.ts';
import { checkSecretIn, checkSender } from './authenticity.ts';
import { readLead } from './read-lead.ts';
import type { Received } from './received.ts';
import type { Hook } from './stored-hooks.ts';
import type { Sent } from './submission.ts';

/**
 * The lead that a submission is by its source's hook, under the id that all its repetitions have;
 * `fresh`: nothing that was sent names it. Throws a Problem: 404 where the source has no hook, 401,
 * or what `readSubmission` throws.
 */
export async function submittedLead(received: Received, hook: Hook | undefined) {
  if (!hook) throw new Problem(404, 'There is no hook for this source.');
  const { source, received_at } = received;
  const message = await checkSender(received, hook);
  const read = await readLead(sentOf(received), { ...hook, now: received_at });
  const { submission, lead, raw_data, findings } = read;
  checkSecretIn(submission, hook);
  const key = requestKeyIn(received);
  const { id, fresh } = leadIdOf(received, { external_id: lead.external_id, message, key });
  const columns = { ...lead, ...key, source, raw_data };
  const bounds = { only_source: source, viewer_agent_id: undefined };
  return { item: leadItem(columns, { id, bounds }), fresh, findings };
}

/** What of a submission is read. */
export function sentOf({ bytes, headers }: Received): Sent {
  return { bytes, contentType: headers['content-type'] ?? '' };
}

/** The source's own. What is no key is none: no lead is refused for a header. */
function requestKeyIn({ source, headers, bytes }: Received): RequestKey | undefined {
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
  { source, id }: Received,
  named: { external_id?: string; message: string | undefined; key: RequestKey | undefined },
) {
  const { external_id, message, key } = named;
  if (external_id !== undefined) return { id: knownLeadId(source, external_id), fresh: false };
  if (key) return { id: idOfRequest(key), fresh: false };
  if (message === undefined) return { id, fresh: true };
  return { id: v5(JSON.stringify([source, message]), messageNamespace), fresh: false };
}
