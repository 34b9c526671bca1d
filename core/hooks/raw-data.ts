import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
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
  if (printedBytes(whole) <= limit) return whole;
  const text = JSON.stringify(submission);
  const detail = 'Larger than 32 KB as JSON is kept: its text, deflated, in base64.';
  findings.addFirst({ code: 'submission_deflated', detail });
  const submission_deflated = deflateRawSync(text).toString('base64');
  const deflated = withFindings({ submission_deflated }, findings);
  if (printedBytes(deflated) <= limit) return deflated;
  findings.addFirst({
    code: 'submission_cut',
    detail: 'Too large to be kept whole: its beginning.',
  });
  const about = {
    submission_sha256: createHash('sha256').update(text).digest('hex'),
    submission_bytes: Buffer.byteLength(text),
  };
  const room = limit - printedBytes(withFindings({ ...about, submission_text: '' }, findings));
  return withFindings({ ...about, submission_text: cutToPrinted(text, room) }, findings);
}

function withFindings(kept: object, findings: Findings): Record<string, unknown> {
  const list = [...findings.list()];
  while (printedBytes(list) > findingsLimit) list.pop();
  const more = findings.count() - list.length;
  return {
    ...kept,
    ...(list.length > 0 && { findings: list }),
    ...(more > 0 && { more_findings: more }),
  };
}

/** How many bytes PostgreSQL's jsonb takes to print this: a blank after each comma and colon. */
export function printedBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + blanksOf(value);
}

function blanksOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children = Object.values(value);
  const own = Math.max(children.length - 1, 0) + (Array.isArray(value) ? 0 : children.length);
  return children.reduce<number>((sum, child) => sum + blanksOf(child), own);
}

/** As much of a text as prints in so many bytes. */
export function cutToPrinted(text: string, bytes: number): string {
  let kept = text;
  for (;;) {
    const printed = Buffer.byteLength(JSON.stringify(kept)) - 2;
    if (printed <= bytes) return kept;
    const units = Math.min(Math.floor((kept.length * bytes) / printed), kept.length - 1);
    kept = kept.slice(0, units).replace(/[\uD800-\uDBFF]$/, '');
  }
}
