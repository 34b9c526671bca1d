import { twoDecimals } from '../exact.ts';
import { DAY, formatInstant } from '../local-time.ts';
import type { Answer, Facts, LeadFact, Parameters, Row } from '../types.ts';
import { selectLeads } from '../window.ts';
import { agentName } from './measures.ts';

function isBefore(left: LeadFact, right: LeadFact): boolean {
  if (left.created_at !== right.created_at) return left.created_at < right.created_at;
  return left.id.toLowerCase() < right.id.toLowerCase();
}

function sharedBy(left: LeadFact, right: LeadFact): string {
  const names = { email: 'email_normalised', phone: 'phone_normalised' } as const;
  return Object.entries(names)
    .filter(([, column]) => left[column] !== null && left[column] === right[column])
    .map(([name]) => name)
    .join(',');
}

/** The lead that an earlier one stands for: itself, or its original; null if that is no use. */
function stoodFor(earlier: LeadFact, lead: LeadFact, leads: readonly LeadFact[]): LeadFact | null {
  if (earlier.duplicate_of === null) return earlier;
  const original = leads.find(({ id }) => id === earlier.duplicate_of);
  if (!original || original.is_test || original.duplicate_of !== null) return null;
  return isBefore(original, lead) ? original : null;
}

type Match = { matched: LeadFact; original: LeadFact };

const byContact = new WeakMap<readonly LeadFact[], Map<string, LeadFact[]>>();

/** Those that have the e-mail or the phone: 20,000 leads are too many to look at each. */
function sharing(lead: LeadFact, leads: readonly LeadFact[]): LeadFact[] {
  const known = byContact.get(leads) ?? new Map<string, LeadFact[]>();
  if (!byContact.has(leads)) {
    for (const one of leads) {
      for (const contact of contactsOf(one))
        known.set(contact, [...(known.get(contact) ?? []), one]);
    }
    byContact.set(leads, known);
  }
  return contactsOf(lead).flatMap((contact) => known.get(contact) ?? []);
}

function contactsOf({ email_normalised, phone_normalised }: LeadFact): string[] {
  return [email_normalised, phone_normalised].filter((contact) => contact !== null);
}

/** The earliest lead of the 30 days before that has the e-mail or the phone. */
function matchOf(lead: LeadFact, leads: readonly LeadFact[]): Match | null {
  let found: Match | null = null;
  for (const matched of sharing(lead, leads)) {
    if (matched.is_test || !isBefore(matched, lead) || sharedBy(matched, lead) === '') continue;
    if (lead.created_at - matched.created_at > 30n * DAY) continue;
    const original = stoodFor(matched, lead, leads);
    if (original === null) continue;
    if (found === null || isBefore(matched, found.matched)) found = { matched, original };
  }
  return found;
}

/** Where the originals of originals end. */
function firstOf(lead: LeadFact, leads: readonly LeadFact[]): LeadFact {
  const match = matchOf(lead, leads);
  return match === null ? lead : firstOf(match.original, leads);
}

function nameOf({ first_name, last_name }: LeadFact): string | null {
  return [first_name, last_name].filter((part) => part !== null).join(' ') || null;
}

export function duplicates(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const rows: Row[] = [];
  const inTime = counted.toSorted((a, b) => (isBefore(a.lead, b.lead) ? -1 : 1));
  for (const { lead, state } of inTime) {
    const found = matchOf(lead, facts.leads);
    if (found === null) continue;
    const original = firstOf(found.original, facts.leads);
    rows.push({
      lead_id: lead.id,
      created_at: formatInstant(lead.created_at),
      name: nameOf(lead),
      source: lead.source,
      agent_id: state.assigned_agent_id,
      agent_name: agentName(facts.agents, state.assigned_agent_id),
      original_id: original.id,
      original_created_at: formatInstant(original.created_at),
      original_name: nameOf(original),
      original_source: original.source,
      matched_by: sharedBy(found.matched, lead),
      matched_lead_id: found.matched.id,
      days_between: twoDecimals(lead.created_at - found.matched.created_at, DAY),
      has_duplicates: facts.leads.some((other) => other.duplicate_of === lead.id),
    });
  }
  return { excluded, rows };
}
