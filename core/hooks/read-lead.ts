import { findingsOf } from './findings.ts';
import { type MappedLead, makeLead } from './make-lead.ts';
import type { Authenticity, Mapping } from './mapping.ts';
import { withoutSecret } from './path.ts';
import { rawDataOf } from './raw-data.ts';
import { readSubmission, type Sent } from './submission.ts';

/** What a submission becomes: the lead's fields, and what is kept of it in raw_data. */
export async function readLead(
  sent: Sent,
  how: { mapping: Mapping; authenticity: Authenticity; now: string },
): Promise<{
  submission: unknown;
  lead: MappedLead;
  raw_data: Record<string, unknown>;
  findings: number;
}> {
  const findings = findingsOf();
  const submission = await readSubmission(sent, findings);
  const lead = makeLead(submission, { ...how, findings });
  const { authenticity: by } = how;
  const isInside = by.kind === 'secret' && by.in === 'body';
  const kept = isInside ? withoutSecret(submission, by.name) : submission;
  return { submission, lead, raw_data: rawDataOf(kept, findings), findings: findings.count() };
}
