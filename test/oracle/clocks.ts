/** What a lead's clock was set to, and how the lead stands against it: metrics.md, section 3. */

import { MINUTE } from './local-time.ts';
import type { Random } from './random.ts';
import type { Clock, LeadFact, Micros } from './types.ts';
import type { PlacedLead } from './window.ts';

/** The policies of every history: it brings the clocks along that they have set. */
export const POLICIES = [
  { id: '0f0e0d0c-0b0a-4908-8706-050403020100', name: 'Übers Wochenende', human_only: false },
  { id: '9f0e0d0c-0b0a-4908-8706-050403020101', name: 'a person calls', human_only: true },
];

/** Four leads of five have one; the others came in before there were any. */
export function clockOf(lead: LeadFact, random: Random): Clock | null {
  const policy = random.pick(POLICIES);
  const minutes = random.pick([5n, 120n, 120n, 1440n, 14_400n]);
  const clock = {
    due_at: lead.created_at + minutes * MINUTE + random.pick([-1n, 0n, 1n]),
    policy_id: policy.id,
    human_only: policy.human_only,
  };
  return random.chance(0.8) ? clock : null;
}

/** What stops the clock: a contact, of a person where the policy says so, or a later stage. */
function answeredAt({ lead, state }: PlacedLead): Micros | null {
  const moments = [
    lead.sla?.human_only ? state.first_human_contact_at : state.first_contacted_at,
    state.qualified_at,
    state.appointment_at,
    state.offer_at,
    state.closed_at,
  ].filter((moment) => moment !== null);
  return moments.reduce<Micros | null>(
    (first, moment) => (first === null || moment < first ? moment : first),
    null,
  );
}

/** How a counted lead stands at t, in the order of the definition; null without a clock. */
export function slaState(placed: PlacedLead, t: Micros): string | null {
  const due = placed.lead.sla?.due_at ?? null;
  if (due === null) return null;
  const answered = answeredAt(placed);
  const { dead_at } = placed.state;
  if (dead_at !== null && dead_at < due && answered === null) return 'excused';
  if (answered !== null) return answered <= due ? 'met' : 'late';
  return due > t ? 'pending' : 'breached';
}
