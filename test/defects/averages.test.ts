import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());
beforeEach(() => story.clear());

const morning = '2025-06-10T09:00:00Z';

describe('10: leads never contacted, and leads too young to judge', () => {
  // Four leads, at 12:00 of June 20: one called after 10 minutes and two never called, all three
  // ten days old; one of 11:40, 20 minutes old, not called yet.
  beforeEach(async () => {
    await story.lead(morning, {}, ['contacted', 10]);
    await story.lead(morning);
    await story.lead(morning);
    await story.lead('2025-06-20T11:40:00Z');
  });

  test('are left out of averages in the seed; ours says who waits, and that most do', async () => {
    // Of 10, never, never and never the mean of the called is 10, but the median of all is never:
    // null. Both keep the first; the seed has nothing beside it.
    expect(await story.theirs('response-time')).toEqual([
      {
        source: 'zillow',
        total_leads: 4,
        contacted_leads: 1,
        avg_response_minutes: 10,
        median_response_minutes: 10,
        responded_within_1hr: 1,
        pct_within_1hr: 25,
      },
    ]);
    expect(await story.ours('response-time')).toMatchObject([
      {
        avg_response_minutes: 10,
        median_response_minutes: 10,
        waiting_leads: 3,
        median_all_minutes: null,
        p90_all_minutes: null,
      },
    ]);
    expect(await story.ours('executive-summary')).toMatchObject([
      { total_leads: 4, contacted_leads: 1, waiting_leads: 3 },
    ]);
  });

  test('fail in the seed before their hour is over: 25 %; the old alone: 33.33 %', async () => {
    // Within an hour: 1 of the 3 that are at least an hour old. The seed: 1 of 4. Within 15 minutes
    // the young one has had its chance: 1 of 4, 25 %.
    const [theirs] = await story.theirs('response-time');
    expect(theirs.pct_within_1hr).toBe(25);
    expect(await story.ours('response-time')).toMatchObject([
      { pct_within_1hr: 33.33, pct_within_1hr_n: 3, pct_within_15min: 25, pct_within_15min_n: 4 },
    ]);
  });

  test('make today look bad beside yesterday in the seed; ours compares at one age', async () => {
    // The same pace, day after day: each lead is called after 90 minutes. At 12:00 the lead of
    // 11:40 has not been; as of 12:00 a day earlier, the lead of 11:40 had not been either.
    await story.clear();
    await story.lead('2025-06-18T11:40:00Z', {}, ['contacted', 90]);
    await story.lead('2025-06-19T11:40:00Z', {}, ['contacted', 90]);
    await story.lead('2025-06-20T11:40:00Z');
    await story.refresh();
    const rates = await story.seed.sql('select contact_rate from seed.lead_metrics order by date');
    expect(rates).toEqual([{ contact_rate: 100 }, { contact_rate: 100 }, { contact_rate: 0 }]);

    const days = { from: '2025-06-20', to: '2025-06-21', compare: 'previous' };
    expect(await story.ours('trend', days)).toMatchObject([
      { period: 'current', contact_rate: 0, partial: true },
      { period: 'previous', contact_rate: 0, partial: true },
    ]);
  });

  // Later, in the issues that build them: the alert metrics, where the waiting count with their
  // wait so far (12 has the first of them), maturity in experiment-results, cohort-conversion and
  // sla-attainment.
});

describe('11: totals', () => {
  test('of a source are of its scores in the seed; ours has one row, or theirs', async () => {
    // Five zillow leads: two A, one closed for 9,000; one B, closed for 8,000; two without a score.
    // 2 of 5 converted: 40 %, for 17,000. The seed has three totals, of 2, 1 and 2 leads.
    await story.lead(morning, { quality_score: 'A' }, ['closed', 60, { value: '9000.00' }]);
    await story.lead(morning, { quality_score: 'A' });
    await story.lead(morning, { quality_score: 'B' }, ['closed', 60, { value: '8000.00' }]);
    await story.lead(morning);
    await story.lead(morning);

    const theirs = await story.theirs('lead-source-performance');
    const byScore = ({
      source,
      total_leads,
      quality_score,
      leads_by_score,
    }: (typeof theirs)[0]) => [source, quality_score, total_leads, leads_by_score];
    const shape = [
      ['zillow', 'A', 2, 2],
      ['zillow', 'B', 1, 1],
      ['zillow', null, 2, 2],
    ];
    expect(theirs.map(byScore)).toEqual(shape);

    expect(await story.ours('lead-source-performance')).toMatchObject([
      {
        source: 'zillow',
        total_leads: 5,
        conversions: 2,
        conversion_rate: 40,
        total_revenue: '17000.00',
        quality_score: null,
        leads_by_score: null,
        a_leads: 2,
        b_leads: 1,
        unscored_leads: 2,
      },
    ]);
    const split = await story.ours('lead-source-performance', { by: 'source,quality_score' });
    expect(split.map(byScore)).toEqual(shape);
  });

  test('of agents lose the idle agent and unassigned leads in the seed, not in ours', async () => {
    // Three leads: one Ann's, two nobody's. Bo has none. 1 + 0 + 2 = 3.
    const ann = await story.agent('Ann', 'Able');
    await story.agent('Bo', 'Burr');
    await story.lead(morning, { agent_id: ann });
    await story.lead(morning);
    await story.lead(morning);

    expect(await story.theirs('agent-performance')).toMatchObject([
      { agent_name: 'Ann Able', leads_assigned: 1 },
    ]);
    const rows = await story.ours('agent-performance');
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ agent_name: 'Ann Able', leads_assigned: 1 }),
        expect.objectContaining({ agent_name: 'Bo Burr', leads_assigned: 0 }),
        expect.objectContaining({ agent_name: null, leads_assigned: 2 }),
      ]),
    );
  });
});
