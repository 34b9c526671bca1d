import { createHash } from 'node:crypto';
import { storedBytes } from '../http/stored-size.ts';
import { qualityScore } from '../leads/fields.ts';
import { cutUnits, type Findings } from './findings.ts';
import { listed, type MappedField, type Mapping, mappedFields } from './mapping.ts';
import { textOf, valueAt } from './path.ts';
import { cutToPrinted } from './raw-data.ts';
import { readAmount, readMoment, readName, readYesOrNo } from './values.ts';

/** The fields of a lead that a submission gave, each as the API takes it. */
export type MappedLead = Partial<
  Record<Exclude<MappedField, 'full_name' | 'is_test'>, string> & { is_test: boolean }
>;

/** What the API takes of each, in UTF-16 units; what is longer is cut. */
const longest: Partial<Record<MappedField, number>> = {
  first_name: 200,
  last_name: 200,
  email: 320,
  phone: 50,
  property_address: 500,
  property_city: 200,
  property_state: 200,
  property_zip: 20,
  utm_source: 200,
  utm_medium: 200,
  utm_campaign: 200,
  referrer_url: 2000,
  notes: 8192,
};

/** The lead that a submission is by this mapping. What cannot be read is a finding, never more. */
export function makeLead(
  submission: unknown,
  { mapping, findings, now }: { mapping: Mapping; findings: Findings; now: string },
): MappedLead {
  const lead: Record<string, string | boolean> = {};
  for (const field of mappedFields) {
    const text = firstOf(submission, mapping[field]);
    if (text === undefined) continue;
    if (field === 'full_name') {
      for (const [name, part] of Object.entries(readName(text))) {
        lead[name] = kept(name as MappedField, part, findings);
      }
      continue;
    }
    const value = readers[field]?.(text, { findings, now }) ?? undefined;
    if (value !== undefined) lead[field] = value;
  }
  return withFittingNotes(lead as MappedLead, findings);
}

/** A lead may be 52 KB; raw_data is 32 of them, and its other columns and names are 3. */
const fieldsLimit = 17 * 1024;

/** All other fields at their longest are below 16 KB. The e-mail is stored in two forms. */
function withFittingNotes(lead: MappedLead, findings: Findings): MappedLead {
  if (lead.notes === undefined) return lead;
  const others = storedBytes({ ...lead, notes: '' }) + storedBytes(lead.email ?? '');
  const notes = cutToPrinted(lead.notes, fieldsLimit - others);
  if (notes.length === lead.notes.length) return lead;
  const detail = 'Beside so much else: cut. The submission has all of it.';
  findings.add({ field: 'notes', code: 'cut', detail });
  return { ...lead, notes };
}

function firstOf(submission: unknown, candidates: Mapping[MappedField]): string | undefined {
  if (candidates === undefined) return undefined;
  for (const candidate of listed(candidates)) {
    if (typeof candidate === 'object') return candidate.constant;
    const text = textOf(valueAt(submission, candidate));
    if (text !== undefined) return text;
  }
  return undefined;
}

type Context = { findings: Findings; now: string };
type Reader = (text: string, context: Context) => string | boolean | undefined;

const unread = (field: MappedField, code: string, detail: string): Reader => {
  const read = parsers[field] as Reader;
  return (text, context) => {
    const value = read(text, context);
    if (value === undefined) context.findings.add({ field, code, detail });
    return value;
  };
};

const parsers: Partial<Record<MappedField, Reader>> = {
  created_at: (text, { now }) => readMoment(text, now),
  estimated_value: readAmount,
  mortgage_balance: readAmount,
  quality_score: (text) => qualityScore.safeParse(text.toUpperCase()).data,
  is_test: readYesOrNo,
};

const amountUnread = 'Not one amount of at least 0: the field is left empty.';

const readers: Partial<Record<MappedField, Reader>> = {
  ...Object.fromEntries(
    Object.keys(longest).map((field) => [
      field,
      ((text, { findings }) => kept(field as MappedField, text, findings)) satisfies Reader,
    ]),
  ),
  external_id: externalIdOf,
  created_at: unread(
    'created_at',
    'time_unread',
    'Not a time with its offset, or in the future: the lead came in when it was sent.',
  ),
  estimated_value: unread('estimated_value', 'amount_unread', amountUnread),
  mortgage_balance: unread('mortgage_balance', 'amount_unread', amountUnread),
  quality_score: unread('quality_score', 'score_unknown', 'Not A, B, C or D: left unscored.'),
  is_test: unread('is_test', 'yes_or_no_unread', 'Neither yes nor no: counted as a real lead.'),
};

/** No field takes more than 3 bytes a unit as it is printed, so that a lead fits. */
function kept(field: MappedField, text: string, findings: Findings): string {
  const units = longest[field] ?? 200;
  const cut = cutToPrinted(cutUnits(text, units), field === 'notes' ? units : units * 3);
  if (cut.length < text.length) {
    const detail = `Longer than ${units} characters can be: cut. The submission has all of it.`;
    findings.add({ field, code: 'cut', detail });
  }
  return cut;
}

/** A cut id would be another lead's: its hash is not. */
function externalIdOf(text: string, { findings }: Context): string {
  if (text.length <= 200 && cutToPrinted(text, 600) === text) return text;
  const detail = 'Longer than 200 characters: its SHA-256 stands for it.';
  findings.add({ field: 'external_id', code: 'hashed', detail });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
