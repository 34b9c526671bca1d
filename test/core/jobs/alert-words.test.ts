import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities, subjectOf, textOf, toldTransitions } from '../../../core/alerts/message.ts';
import { alertMetricNames, alertMetrics } from '../../../core/alerts/metrics.ts';
import { duration } from '../../../core/alerts/words.ts';
import { alertOf } from '../../setup/alert.ts';

const message = alertOf();

test('the e-mail says what, how bad, since when, how many, and what to do', () => {
  expect(textOf(message)).toBe(`Average response time: 5 h 20 min. The limit is 2 h.

Began: Sun, 22 Nov 2026, 05:00
Since: Sat, 21 Nov 2026, 05:00
Leads: 12 came in within 24 hours, 7 of them still wait

Call the leads that wait, oldest first, and see who is missing at the phones.
The leads: GET /v1/incidents/019aa5f0-0000-7000-8000-000000000001
To say that it is in hand: POST /v1/incidents/019aa5f0-0000-7000-8000-000000000001/acknowledge

Checked as of Sun, 22 Nov 2026, 05:00, time zone America/New_York.
Rule average-response, warning. Message 019aa5f0-0000-7000-8000-000000000001:1
`);
});

test('the way to its leads is a whole address where the API has one', () => {
  for (const apiUrl of ['https://leads.example.com', 'https://leads.example.com/']) {
    const text = textOf(message, apiUrl);
    const address = `https://leads.example.com/v1/incidents/${message.incident}`;
    expect(text).toContain(`\nThe leads: GET ${address}\n`);
    expect(text).toContain(`in hand: POST ${address}/acknowledge\n`);
  }
});

test('the end says that it is over, and asks for nothing', () => {
  const over = alertOf({ transition: 'resolved', reason: 'recovered', value: 1.5, source: '' });
  expect(textOf(over)).toContain(`It is over.
Source: (none)
Began: Sun, 22 Nov 2026, 05:00`);
  expect(textOf(over)).not.toMatch(/Call|acknowledge/);
});

test('a subject says what happened to the incident, and of which source', () => {
  const subjects = toldTransitions.map((transition) =>
    subjectOf(alertOf({ transition, source: 'müller' })),
  );
  expect(subjects).toEqual([
    'leadpulse warning: Average response time 5 h 20 min (limit 2 h), m?ller',
    'leadpulse now warning: Average response time 5 h 20 min (limit 2 h), m?ller',
    'leadpulse still warning: Average response time 5 h 20 min (limit 2 h), m?ller',
    'leadpulse resolved: Average response time 5 h 20 min (limit 2 h), m?ller',
  ]);
});

test('a subject is one line of at most 100 ASCII characters, whatever the figures', () => {
  const figure = fc.double({ min: 0, max: 1e9, noNaN: true });
  const any = fc.record({
    metric: fc.constantFrom(...alertMetricNames),
    severity: fc.constantFrom(...severities),
    transition: fc.constantFrom(...toldTransitions),
    source: fc.option(fc.string({ unit: 'binary', maxLength: 100 })),
    value: figure,
    threshold: figure,
  });
  fc.assert(
    fc.property(any, (given) => {
      expect(subjectOf(alertOf(given))).toMatch(/^[!-~][ -~]{0,99}$/);
    }),
  );
});

test('an e-mail of every metric and transition says all it can', () => {
  for (const metric of alertMetricNames) {
    for (const transition of toldTransitions) {
      const text = textOf(alertOf({ metric, transition, agent_id: 'none', window_hours: 24 }));
      expect(text).not.toMatch(/undefined|null|NaN/);
      expect(text).toMatch(/^.+: .+\. The limit is .+\.\n\nAgent: none\nBegan: .+\n/);
      expect(text).toMatch(/\nSince: .+\nLeads: .+\n\n/);
    }
  }
});

test('the title of every metric leaves room for its figures', () => {
  const long = alertMetricNames.filter((name) => alertMetrics[name].title.length > 50);
  expect(long).toEqual([]);
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
