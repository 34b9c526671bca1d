import type { AlertMessage } from '../../core/alerts/message.ts';

/** An alert that says what is given, and of the rest something. */
export function alertOf(given: Partial<AlertMessage> = {}): AlertMessage {
  return {
    version: 2,
    id: '019aa5f0-0000-7000-8000-000000000001:1',
    incident: '019aa5f0-0000-7000-8000-000000000001',
    number: 1,
    transition: 'opened',
    reason: null,
    rule: 'average-response',
    metric: 'avg_response_hours',
    severity: 'warning',
    source: null,
    agent_id: null,
    scheduled_at: '2026-11-22T10:00:00.000000Z',
    opened_at: '2026-11-22T10:00:00.000000Z',
    value: 5.33,
    threshold: 2,
    recover_threshold: 2,
    window_hours: 24,
    since: '2026-11-21T10:00:00.000000Z',
    sample: 12,
    leads: 9,
    waiting_leads: 7,
    timezone: 'America/New_York',
    ...given,
  };
}
