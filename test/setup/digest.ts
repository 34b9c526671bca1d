import type { DigestMessage } from '../../core/alerts/digest.ts';

/** A digest that says what is given, and of the rest what docs/alerts.md shows. */
export function digestOf(given: Partial<DigestMessage> = {}): DigestMessage {
  const agent_id = '019aa5f0-0000-7000-8000-00000000000a';
  const of = { sla_due_at: null, agent_id: null, sla_state: 'breached' };
  return {
    version: 1,
    id: 'digest:2026-11-25',
    transition: 'digest',
    day: '2026-11-24',
    scheduled_at: '2026-11-25T12:30:00.000000Z',
    timezone: 'America/New_York',
    currency: 'USD',
    figures: {
      leads: 42,
      contacted_leads: 35,
      contact_rate: 83.33,
      median_all_minutes: 4.2,
      p90_all_minutes: null,
      due_leads: 40,
      met_leads: 33,
      late_leads: 5,
      breached_leads: 2,
      attainment: 82.5,
    },
    usual: {
      days: 4,
      leads: 38.5,
      contact_rate: 90.26,
      median_all_minutes: 5.5,
      p90_all_minutes: 185,
      attainment: 88.16,
    },
    waiting: { leads: 9, overdue_leads: 4, longest_minutes: 3124 },
    waiting_by_agent: [
      { agent_id: null, leads: 6, overdue_leads: 3, longest_minutes: 3124 },
      { agent_id, leads: 3, overdue_leads: 1, longest_minutes: 610 },
    ],
    rescue: [
      {
        ...of,
        lead_id: '019aa5f0-0000-7000-8000-000000000011',
        source: 'zillow',
        quality_score: 'A',
        estimated_value: 450_000,
        waited_minutes: 3124,
      },
      {
        ...of,
        lead_id: '019aa5f0-0000-7000-8000-000000000012',
        source: '',
        quality_score: null,
        agent_id,
        estimated_value: null,
        waited_minutes: 610,
      },
    ],
    open_incidents: 1,
    acknowledged_incidents: 0,
    incidents: [
      {
        id: '019aa5f0-0000-7000-8000-000000000001',
        status: 'open',
        rule_id: '019aa5f0-0000-7000-8000-000000000002',
        rule: 'oldest-waiting',
        metric: 'oldest_waiting_minutes',
        severity: 'critical',
        source: null,
        agent_id: null,
        opened_at: '2026-11-24T09:00:00.000000Z',
        acknowledged_at: null,
        acknowledged_by: null,
        resolved_at: null,
        checked_at: '2026-11-25T12:00:00.000000Z',
        value: 3094,
        threshold: 1440,
        sample: 9,
        leads: 2,
        waiting_leads: 9,
        since: '2026-11-23T08:26:00.000000Z',
        transitions: 1,
      },
    ],
    ...given,
  };
}

/** A digest with as much in it as there can be. */
export function longestDigest(): DigestMessage {
  const one = digestOf();
  const many = <T>(count: number, of: T | undefined): T[] =>
    Array.from({ length: count }, () => of as T);
  const source = 's'.repeat(1000);
  const agent_id = '019aa5f0-0000-7000-8000-00000000000a';
  return {
    ...one,
    waiting_by_agent: many(10, one.waiting_by_agent[1]),
    rescue: one.rescue.flatMap((lead) => many(3, { ...lead, source })).slice(0, 5),
    open_incidents: 5000,
    incidents: many(10, { ...one.incidents[0], source, agent_id } as (typeof one.incidents)[0]),
  };
}
