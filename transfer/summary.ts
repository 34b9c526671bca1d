import { relative } from 'node:path';
import { callersFolder } from './callers-folder.ts';
import type { Mapping } from './mapping.ts';
import { ownColumnsOf } from './rejected.ts';

/** How many rows there were and what became of them: read is the sum of the others. */
export interface Tally {
  read: number;
  stored: number;
  present: number;
  rejected: number;
  /** Those that `--skip-empty` was meant for. */
  passedOver: number;
}

/** What became of all rows, in a sentence that adds up. */
export function summary(
  { read, stored, present, rejected, passedOver }: Tally,
  { dryRun, rejectedPath }: { dryRun: boolean; rejectedPath: string },
): string {
  const parts = dryRun
    ? ['would be stored', 'are there already', 'would be rejected']
    : ['stored', 'already there', 'rejected'];
  const counts = [stored, present, rejected].map((rows, at) => `${numeral(rows)} ${parts[at]}`);
  const see = rejected > 0 ? ` (see ${relative(callersFolder(), rejectedPath)})` : '';
  const over = passedOver > 0 ? `, ${numeral(passedOver)} passed over` : '';
  const dry = dryRun ? 'A dry run, nothing was stored. ' : '';
  return `${dry}${numeral(read)} rows read: ${counts.join(', ')}${see}${over}.`;
}

/** A line with the columns that went nowhere; none where all were taken. */
export function columnsLeftOut(header: readonly string[], { sources }: Mapping): string[] {
  const used = sources.map(({ from }) => from);
  const names = header
    .map((name, index) => (used.includes(index) ? '' : name || `column ${index + 1}`))
    .slice(ownColumnsOf(header))
    .filter(Boolean);
  return names.length > 0 ? [`Left out: ${names.join(', ')}.`] : [];
}

/** 12,345. */
export function numeral(count: number): string {
  return count.toLocaleString('en-US');
}
