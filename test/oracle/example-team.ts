/** Seven leads of a small team, small enough to work every report out by hand. */

import { assignmentOf, eventAt, experimentOf, factsOf, leadAt } from './examples.ts';
import { parseInstant } from './local-time.ts';
import { type Agent, type Parameters, parametersOf } from './types.ts';

export const ANN: Agent = {
  id: 'aaaaaaaa-0000-4000-8000-000000000001',
  first_name: 'Ann',
  last_name: 'Ace',
  active: true,
};
/** Active without leads. */
export const BOB: Agent = {
  id: 'bbbbbbbb-0000-4000-8000-000000000002',
  first_name: 'Bob',
  last_name: 'Base',
  active: true,
};
/** Inactive with a lead. */
export const CID: Agent = {
  id: 'cccccccc-0000-4000-8000-000000000003',
  first_name: 'Cid',
  last_name: 'Core',
  active: false,
};
/** Inactive without leads. */
export const DEE: Agent = {
  id: 'dddddddd-0000-4000-8000-000000000004',
  first_name: 'Dee',
  last_name: 'Done',
  active: false,
};

/** Answered after 10 minutes, closed on the third day for 10,000. */
const sold = leadAt('2026-11-01T10:00:00Z', { utm_campaign: 'spring' });
/** Answered by a machine after 30 minutes, dead two days later; unassigned. */
const buried = leadAt('2026-11-02T10:00:00Z');
/** Nobody did anything. */
const waiting = leadAt('2026-11-02T23:59:59.999999Z', { source: '' });
/** Got an offer without any recorded call. */
const offered = leadAt('2026-11-05T09:00:00Z', { source: 'facebook' });
const test = leadAt('2026-11-05T10:00:00Z', { is_test: true });
const duplicate = leadAt('2026-11-05T11:00:00Z', { duplicate_of: sold.id });
/** Cid's; called by Ann after two hours; closes after the day the reports are read for. */
const later = leadAt('2026-11-10T12:00:00Z', { source: 'facebook' });

const ann = { agent_id: ANN.id };
const events = [
  eventAt(sold, '2026-11-01T10:00:00Z', 'assigned', ann),
  eventAt(sold, '2026-11-01T10:00:00Z', 'scored', { quality_score: 'A' }),
  eventAt(sold, '2026-11-01T10:30:00Z', 'contacted', ann),
  eventAt(sold, '2026-11-01T10:10:00Z', 'contacted', ann),
  eventAt(sold, '2026-11-03T10:00:00Z', 'closed', { value: 1_000_000n }),
  eventAt(buried, '2026-11-02T10:30:00Z', 'contacted'),
  eventAt(buried, '2026-11-04T10:00:00Z', 'dead'),
  eventAt(offered, '2026-11-05T09:00:00Z', 'assigned', ann),
  eventAt(offered, '2026-11-05T09:00:00Z', 'scored', { quality_score: 'B' }),
  eventAt(offered, '2026-11-06T09:00:00Z', 'offer_made', ann),
  eventAt(later, '2026-11-10T12:00:00Z', 'assigned', { agent_id: CID.id }),
  eventAt(later, '2026-11-10T14:00:00Z', 'contacted', ann),
  eventAt(later, '2026-11-25T12:00:00Z', 'closed', { value: 50_000n }),
];

const created_at = parseInstant('2026-10-01T00:00:00Z');
const over = { created_at, status: 'completed' };
const experiments = [
  experimentOf({ ...over, name: 'called?' }),
  experimentOf({
    ...over,
    name: 'bought?',
    primary_metric: 'conversion_rate',
    outcome_window_hours: 9 * 24,
  }),
  experimentOf({
    created_at,
    name: 'how soon?',
    primary_metric: 'time_to_contact',
    target_sample_size: 4,
  }),
];

export const TEAM = factsOf({
  leads: [sold, buried, waiting, offered, test, duplicate, later],
  events,
  agents: [DEE, CID, BOB, ANN],
  experiments,
  // Control: sold, buried and the test lead; treatment: offered, later.
  assignments: experiments.flatMap(({ id: experiment_id }) =>
    [sold, buried, test, offered, later].map((lead) =>
      assignmentOf(lead, {
        experiment_id,
        group_name: lead === offered || lead === later ? 'treatment' : 'control',
      }),
    ),
  ),
});

/** The first ten days of November 2026, read on the 20th at midnight UTC. */
export function teamParameters(given: Partial<Parameters> = {}): Parameters {
  return parametersOf({
    from: '2026-11-01',
    to: '2026-11-11',
    timezone: 'UTC',
    as_of: parseInstant('2026-11-20T00:00:00Z'),
    ...given,
  });
}
