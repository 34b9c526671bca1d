import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { generateHistory } from '../oracle/histories.ts';
import { DAY, formatInstant, HOUR, startOfLocalDay } from '../oracle/local-time.ts';
import type { ReportName } from '../oracle/reports.ts';
import type { Facts, Parameters } from '../oracle/types.ts';
import { expectAsCounted, takes } from '../setup/against-oracle.ts';
import { storeHistory } from '../setup/facts.ts';
import { startTestMachine } from '../setup/machine.ts';

/** Windows that hold a change of the clock, one of them a day without a midnight. */
const places = [
  { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-22' },
  { timezone: 'America/Sao_Paulo', from: '2017-10-01', to: '2017-10-31' },
  { timezone: 'Australia/Lord_Howe', from: '2026-03-20', to: '2026-04-19' },
  { timezone: 'UTC', from: '2026-01-15', to: '2026-02-14' },
];

const names = reports.map((report) => report.name as ReportName);

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

describe.each(places)('in $timezone', (place) => {
  let facts: Facts;
  const end = startOfLocalDay(place.to, place.timezone);

  beforeAll(async () => {
    await api.sql(
      `truncate leads, lead_events, agent_profiles, lead_skills, lead_experiments,
         metric_refreshes, source_spend, sla_clocks cascade`,
    );
    // The settings are read once per process; the zone is what migrate copied from them.
    await api.sql('update workspace set timezone = $1', [place.timezone]);
    const history = generateHistory({ ...place, seed: 42, leads: 900 });
    facts = history;
    await storeHistory(api.pool, history);
    await api.sql('refresh materialized view lead_metrics');
    await api.sql('insert into metric_refreshes (scheduled_at) values ($1)', [
      formatInstant(end + 80n * DAY),
    ]);
  });

  const compare = (name: ReportName, given: Partial<Parameters>) => {
    const as_of = end + 70n * DAY;
    const scene = { api, facts, ...place, as_of, refreshed_at: end + 80n * DAY };
    return expectAsCounted(scene, name, given);
  };

  test.each(names)('%s says what counting by hand says', async (name) => {
    const rows = await compare(name, {});
    expect(rows.length).toBeGreaterThan(0);
  });

  test.each(names)('%s, seen at moments in the middle of things', async (name) => {
    // The last is an hour before midnight: in UTC another day.
    for (const back of [0n, 36n * HOUR, 9n * DAY + HOUR]) {
      await compare(name, { as_of: end - back });
    }
  });

  test.each(names)('%s, by the day of conversion', async (name) => {
    if (takes(name, 'basis')) await compare(name, { basis: 'converted' });
  });

  test.each(names)('%s, beside the days before at the same age', async (name) => {
    if (!takes(name, 'compare')) return;
    for (const back of [-70n * DAY, 0n, 12n * DAY + 7n * HOUR]) {
      const rows = await compare(name, { compare: 'previous', as_of: end - back });
      expect(rows.some((row) => row.period === 'previous')).toBe(true);
    }
  });

  test.each(names)('%s, under each filter', async (name) => {
    if (!takes(name, 'source')) return;
    const agent = facts.agents[0]?.id ?? '';
    await compare(name, { source: 'zillow' });
    await compare(name, { source: '' });
    await compare(name, { agent_id: agent, quality_score: 'A' });
    await compare(name, { agent_id: 'none' });
    await compare(name, { quality_score: 'none' });
    if (takes(name, 'utm_campaign')) await compare(name, { utm_campaign: 'spring' });
  });

  test.each(names)('%s, in each of its shapes', async (name) => {
    const choices = reports.find((report) => report.name === name)?.choices ?? {};
    for (const by of choices.by ?? []) await compare(name, { by: by || null });
    for (const bucket of choices.bucket ?? []) {
      await compare(name, { bucket: bucket as 'week' });
      if (name === 'lead-metrics') {
        await compare(name, { bucket: bucket as 'week', by: 'source,agent' });
      }
    }
    if (choices.human_only) await compare(name, { human_only: true });
    if (choices.human_only) await compare(name, { human_only: true, by: 'agent', as_of: end });
  });
});
