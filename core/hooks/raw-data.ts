import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { jsonBytes, storedBytes } from '../http/stored-size.ts';
import type { Findings } from './findings.ts';

/** The constraint leads_raw_data_size: 32 KB as PostgreSQL prints it. */
const limit = 32 * 1024;
/** What findings may take of it, after the submission: 20 of them, each with a place of 200. */
const findingsLimit = 8 * 1024;

/**
 * What is kept in raw_data: the submission and the findings beside it. Where that is too large,
 * the submission's JSON text, deflated, in base64; where even that is, as much of it as fits.
 */
export function rawDataOf(submission: unknown, findings: Findings): Record<string, unknown> {
  const whole = withFindings({ submission }, findings);
  if (storedBytes(whole) <= limit) return whole;
  const text = JSON.stringify(submission);
  const detail = 'Larger than 32 KB as JSON is kept: its text, deflated, in base64.';
  findings.addFirst({ code: 'submission_deflated', detail });
  const submission_deflated = deflateRawSync(text).toString('base64');
  const deflated = withFindings({ submission_deflated }, findings);
  if (storedBytes(deflated) <= limit) return deflated;
  findings.addFirst({
    code: 'submission_cut',
    detail: 'Too large to be kept whole: its beginning.',
  });
  const about = {
    submission_sha256: createHash('sha256').update(text).digest('hex'),
    submission_bytes: Buffer.byteLength(text),
  };
  const room = limit - storedBytes(withFindings({ ...about, submission_text: '' }, findings));
  return withFindings({ ...about, submission_text: cutToPrinted(text, room) }, findings);
}

function withFindings(kept: object, findings: Findings): Record<string, unknown> {
  const list = [...findings.list()];
  while (storedBytes(list) > findingsLimit) list.pop();
  const more = findings.count() - list.length;
  return {
    ...kept,
    ...(list.length > 0 && { findings: list }),
    ...(more > 0 && { more_findings: more }),
  };
}

/** As much of a text as prints in so many bytes. */
export function cutToPrinted(text: string, bytes: number): string {
  let kept = text;
  for (;;) {
    const printed = jsonBytes(kept) - 2;
    if (printed <= bytes) return kept;
    const units = Math.min(Math.floor((kept.length * bytes) / printed), kept.length - 1);
    kept = kept.slice(0, units).replace(/[\uD800-\uDBFF]$/, '');
  }
}
