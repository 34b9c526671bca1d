import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainOf, deriveLead, intervalsOf, stateAsOf } from './derive.ts';
import { arbitraryHistory, clockChanges, generateHistory } from './histories.ts';
import { DAY, localDate, startOfLocalDay } from './local-time.ts';
import { ORACLE_REPORTS, oracleReport, type ReportName } from './reports.ts';
import { type Facts, parametersOf } from './types.ts';

const options = {
  seed: 7,
  leads: 300,
  timezone: 'America/New_York',
  from: '2026-10-20',
  to: '2026-11-15',
};
const { timezone, from, to } = options;
const as_of = startOfLocalDay('2026-11-20', timezone);
const history = generateHistory(options);
const states = history.leads.map((lead) => stateAsOf(lead, history.events, as_of));
const chains = history.leads.map((lead) => chainOf(lead, history.events));

test('the same seed gives the same history, another gives another', () => {
  expect(generateHistory(options)).toEqual(history);
  expect(generateHistory({ ...options, seed: 8 }).leads).not.toEqual(history.leads);
});

describe('the generated history holds', () => {
  const leads = history.leads;
  const changes = new Set(clockChanges(from, to, timezone));
  const starts = (instant: bigint) =>
    startOfLocalDay(localDate(instant, timezone), timezone) === instant;
  const some: Record<string, boolean> = {
    'blank sources': leads.some((lead) => lead.source === ''),
    'null campaigns': leads.some((lead) => lead.utm_campaign === null),
    unscored: states.some((state) => state.quality_score === null),
    'never assigned': states.some((state) => state.first_assigned_at === null),
    'unassigned again': states.some(
      (state) => state.first_assigned_at !== null && state.assigned_agent_id === null,
    ),
    reassigned: states.some(
      (state) =>
        state.assigned_at !== null &&
        state.first_assigned_at !== null &&
        state.assigned_at > state.first_assigned_at,
    ),
    'a test lead that is a duplicate': leads.some(
      (lead) => lead.is_test && lead.duplicate_of !== null,
    ),
    duplicates: leads.some((lead) => !lead.is_test && lead.duplicate_of !== null),
    'equal times': chains.some((chain) =>
      chain.some((event, index) => chain[index + 1]?.created_at === event.created_at),
    ),
    'a contact before creation': states.some((state, index) => {
      const contact = state.first_contacted_at;
      return contact !== null && contact < (leads[index]?.created_at ?? 0n);
    }),
    'revived leads': states.some((state) => state.dead_at !== null && !state.dead),
    'closed leads that are dead': states.some((state) => state.closed_at !== null && state.dead),
    'converted without a value': states.some(
      (state) => state.converted && state.conversion_value === null,
    ),
    'dead without a contact': states.some((state) => state.dead && state.furthest_stage === 'new'),
    'an offer without a contact': states.some(
      (state) => state.offer_at !== null && state.first_contacted_at === null,
    ),
    voided: history.events.some((event) => event.voided),
    'later events': history.events.some((event) => event.created_at > as_of),
    'later leads': leads.some((lead) => lead.created_at > as_of),
    'first microseconds of a day': leads.some((lead) => starts(lead.created_at)),
    'last microseconds of a day': leads.some((lead) => starts(lead.created_at + 1n)),
    'a clock change': leads.some((lead) => changes.has(lead.created_at)),
    'a source that cost money without a lead': history.spend.some(
      ({ source, amount }) => amount > 0n && !leads.some((lead) => lead.source === source),
    ),
    'a source that cost nothing, day by day': history.spend.some(({ amount }) => amount === 0n),
    'a source without spend': leads.some(
      (lead) => !history.spend.some(({ source }) => source === lead.source),
    ),
    'leads at one time': new Set(leads.map((lead) => lead.created_at)).size < leads.length,
  };
  test.each(Object.entries(some))('%s', (_name, found) => expect(found).toBe(true));

  test('an idle active agent and an inactive one with leads', () => {
    const named = new Set(states.map((state) => state.assigned_agent_id));
    const kinds = history.agents.map((agent) => `${agent.active} ${named.has(agent.id)}`);
    expect(new Set(kinds)).toEqual(
      new Set(['true true', 'true false', 'false true', 'false false']),
    );
  });
});

test('the experiments of the generated history are in every state, and of every health', () => {
  const seen = [0n, 9n, 20n].flatMap(
    (days) =>
      oracleReport(
        'experiment-results',
        history,
        parametersOf({ from, to, timezone, as_of: as_of - days * DAY }),
      ).rows,
  );
  const found = (column: string) => new Set(seen.map((row) => row[column]));
  expect(found('status')).toEqual(new Set(['draft', 'running', 'paused', 'completed']));
  expect(found('health')).toEqual(
    new Set([
      'ok',
      'LOW_COVERAGE TOO_SLOW',
      'INVALID_SRM',
      'INVALID_CONTAMINATION',
      'INVALID_EXCLUSION',
    ]),
  );
  expect(found('decision')).toEqual(new Set([null, 'KEEP', 'KILL', 'INCONCLUSIVE']));
  const ofMinutes = seen.filter((row) => row.primary_metric === 'time_to_contact');
  const sizes = ofMinutes.map((row) => Number(row.control_n) + Number(row.treatment_n));
  expect(sizes.some((size) => size > 2 && size <= 30)).toBe(true);
  expect(sizes.some((size) => size > 30)).toBe(true);
  expect(seen.some((row) => Number(row.treatment_pending) > 0)).toBe(true);
});

const NAMES = Object.keys(ORACLE_REPORTS) as ReportName[];

test.each(NAMES)('%s answers on the generated history in any zone', (name) => {
  for (const zone of ['UTC', timezone, 'Australia/Lord_Howe']) {
    const parameters = parametersOf({ from, to, timezone: zone, as_of, compare: 'previous' });
    const { rows } = oracleReport(name, history, parameters);
    expect(new Set(rows.map((row) => row.period))).toEqual(new Set(['current', 'previous']));
  }
});

const histories = arbitraryHistory({ timezone, from: '2026-10-30', to: '2026-11-04' });
const window = parametersOf({ from: '2026-10-30', to: '2026-11-04', timezone, as_of });

test('derived columns do not depend on the order of arrival', () => {
  const property = fc.property(histories, (facts) => {
    const reversed = [...facts.events].reverse();
    for (const lead of facts.leads) {
      expect(deriveLead(lead, reversed)).toEqual(deriveLead(lead, facts.events));
      const counted = intervalsOf(lead, facts.events).filter(
        (interval) => interval.time_since_lead_created !== null,
      );
      expect(counted).toEqual(intervalsOf(lead, reversed).slice(0, counted.length));
      const today = stateAsOf(lead, facts.events, as_of + 999n * DAY);
      expect(today).toEqual(deriveLead(lead, facts.events));
    }
  });
  fc.assert(property, { seed: 1, numRuns: 100 });
});

/** Sum of a count over a report's rows. */
function sum(name: ReportName, facts: Facts, column: string, by: string | null): number {
  const { rows } = oracleReport(name, facts, { ...window, by });
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

test('every way of splitting the window adds up to its leads', () => {
  const property = fc.property(histories, (facts) => {
    const total = sum('executive-summary', facts, 'total_leads', null);
    expect(sum('conversion-funnel', facts, 'count', null)).toBe(total);
    expect(sum('response-time', facts, 'total_leads', 'agent')).toBe(total);
    expect(sum('response-time', facts, 'total_leads', 'quality_score')).toBe(total);
    expect(sum('lead-source-performance', facts, 'leads_by_score', 'source,quality_score')).toBe(
      total,
    );
    expect(sum('agent-performance', facts, 'leads_assigned', null)).toBe(total);
    expect(sum('trend', facts, 'total_leads', null)).toBe(total);
  });
  fc.assert(property, { seed: 2, numRuns: 60 });
});
