import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { type AlertMessage, subjectOf, textOf } from '../../../core/alerts/message.ts';
import { type AlertMetricName, alertMetrics } from '../../../core/alerts/metrics.ts';
import { duration } from '../../../core/alerts/words.ts';
import { runOn } from '../../setup/database.ts';

const message: AlertMessage = {
  version: 1,
  id: 'average-response:2026-11-22T10:00:00Z',
  rule: 'average-response',
  metric: 'avg_response_hours',
  severity: 'warning',
  scheduled_at: '2026-11-22T10:00:00.000000Z',
  value: 5.33,
  threshold: 2,
  window_hours: 24,
  since: '2026-11-21T10:00:00.000000Z',
  leads: 12,
  waiting_leads: 7,
  timezone: 'America/New_York',
};

test('the e-mail says what, how bad, since when, how many, and what to do', () => {
  expect(textOf(message)).toBe(`Average response time: 5 h 20 min. The limit is 2 h.

Since: Sat, 21 Nov 2026, 05:00
Leads: 12 came in within 24 hours, 7 of them still wait

Call the leads that wait, oldest first, and see who is missing at the phones.
The leads: GET /v1/leads?waiting=true

Checked as of Sun, 22 Nov 2026, 05:00, time zone America/New_York.
Rule average-response, warning. Message average-response:2026-11-22T10:00:00Z
`);
});

test('a subject is one line of at most 100 ASCII characters, whatever the figures', () => {
  const metrics = Object.keys(alertMetrics) as AlertMetricName[];
  const figure = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...metrics), figure, figure, (metric, value, threshold) => {
      const subject = subjectOf({ ...message, metric, severity: 'critical', value, threshold });
      expect(subject).toMatch(/^[!-~][ -~]{0,99}$/);
    }),
  );
});

test.each([
  [0, '0 min'],
  [0.01, '1 min'],
  [120, '2 h'],
  [120.6, '2 h 1 min'],
  [1440, '24 h'],
  [1500, '25 h'],
  [4319.5, '3 d 0 h'],
  [5760, '4 d 0 h'],
  [5760.01, '4 d 1 h'],
])('%d minutes are %s', (minutes, text) => {
  expect(duration(minutes)).toBe(text);
});

test('every metric with words has a figure, and the other way round', async () => {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${inject('templateDatabase')}`;
  const rule = (metric: string, window: string) =>
    `select alert_reading(
       jsonb_populate_record(null::alert_rules, '{"threshold": 1, "metric": "${metric}"${window}}'),
       '2026-03-10 12:00Z')`;
  for (const metric of Object.keys(alertMetrics)) {
    await runOn(url.href, rule(metric, ', "window_hours": 1'));
  }
  await expect(runOn(url.href, rule('nonsense', ''))).rejects.toMatchObject({ code: '20000' });
});
