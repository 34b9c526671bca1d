import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());
beforeEach(() => story.clear());

const morning = '2025-06-10T09:00:00Z';

describe('7: joins multiply', () => {
  // Ann has two leads of 09:00. One is called after 3, 300 and 600 minutes and closed for 10,000;
  // the other is never called. So: 2 leads, 1 called, 1 converted (50 %), 10,000, answered after 3
  // minutes. The seed joins each of the three calls: 3 + 1 rows, 3 × 10,000, and a mean of
  // (3 + 300 + 600) / 3 = 301 minutes.
  beforeEach(async () => {
    const agent_id = await story.agent('Ann', 'Able');
    await story.lead(
      morning,
      { agent_id },
      ['contacted', 3, { agent_id }],
      ['contacted', 300, { agent_id }],
      ['contacted', 600, { agent_id }],
      ['closed', 900, { agent_id, value: '10000.00' }],
    );
    await story.lead(morning, { agent_id });
  });

  test('the agent has 4 leads and 30,000 in the seed, 2 and 10,000 in ours', async () => {
    expect(await story.theirs('agent-performance')).toEqual([
      {
        agent_name: 'Ann Able',
        leads_assigned: 4,
        conversions: 3,
        conversion_rate: 75,
        avg_response_minutes: 301,
        total_revenue: 30_000,
      },
    ]);
    expect(await story.ours('agent-performance')).toMatchObject([
      {
        agent_name: 'Ann Able',
        leads_assigned: 2,
        conversions: 1,
        conversion_rate: 50,
        avg_response_minutes: 3,
        total_revenue: '10000.00',
      },
    ]);
  });

  test('the source answers after a mean of 301 minutes in the seed, of 3 in ours', async () => {
    // Within the hour: 1 call of 4 rows, 25 %; 1 lead of 2, 50 %.
    expect(await story.theirs('response-time')).toEqual([
      {
        source: 'zillow',
        total_leads: 4,
        contacted_leads: 3,
        avg_response_minutes: 301,
        median_response_minutes: 300,
        responded_within_1hr: 1,
        pct_within_1hr: 25,
      },
    ]);
    expect(await story.ours('response-time')).toMatchObject([
      {
        source: 'zillow',
        total_leads: 2,
        contacted_leads: 1,
        avg_response_minutes: 3,
        median_response_minutes: 3,
        responded_within_1hr: 1,
        pct_within_1hr: 50,
      },
    ]);
  });
});

describe('8: who was contacted, who was qualified', () => {
  test('the dead count as contacted in the seed, and as never qualified; not in ours', async () => {
    // Three leads of one day. One died without a call; one was called, qualified, and died; one
    // waits. Called: 1 of 3 (33.33 %). Qualified: 1 of 3. By the seed: everyone who is not new is
    // contacted, 2 of 3, and nobody stands in a qualified stage, 0 of 3.
    await story.lead(morning, {}, ['dead', 60]);
    await story.lead(morning, {}, ['contacted', 5], ['qualified', 60], ['dead', 120]);
    await story.lead(morning);
    const right = { total_leads: 3, contacted_leads: 1, contact_rate: 33.33, qualified_leads: 1 };

    await story.refresh();
    const [theirs] = await story.seed.sql('select * from seed.lead_metrics');
    expect(theirs).toMatchObject({ total_leads: 3, contacted_leads: 2, qualified_leads: 0 });
    expect(theirs.contact_rate).toBeCloseTo(66.67, 2);

    expect(await story.ours('lead-metrics')).toMatchObject([right]);
    const trend = await story.ours('trend', { from: '2025-06-10', to: '2025-06-11' });
    expect(trend).toMatchObject([right]);
  });
});

describe('9: the funnel', () => {
  // Nine leads: 4 new, 1 contacted, 2 qualified, 1 closed through every stage but the offer, and 1
  // that died after a call.
  // There now: 4, 1, 2, 0, 0, 1 and 1 dead. Reached: all 9; contacted 1 + 2 + 1 + 1 = 5;
  // qualified 2 + 1 = 3; appointment 1; offer 1 (a closing implies one); closed 1.
  beforeEach(async () => {
    const called = ['contacted', 5] as const;
    for (let n = 0; n < 4; n++) await story.lead(morning);
    await story.lead(morning, {}, [...called]);
    await story.lead(morning, {}, [...called], ['qualified', 60]);
    await story.lead(morning, {}, [...called], ['qualified', 60]);
    await story.lead(
      morning,
      {},
      [...called],
      ['qualified', 60],
      ['appointment_scheduled', 90],
      ['closed', 600],
    );
    await story.lead(morning, {}, [...called], ['dead', 60]);
  });

  const form = (rows: Record<string, unknown>[]) =>
    rows.map((row) => [
      row.current_stage,
      row.count,
      row.previous_stage_count,
      row.conversion_from_previous,
    ]);

  test('divides who stands where in the seed: 200 %, stages gone, dead after closed', async () => {
    // 2 qualified now / 1 contacted now = 200 %; appointment and offer are not there, so closed is
    // divided by qualified; and the dead by the closed: 100 % of the closed die.
    expect(form(await story.theirs('conversion-funnel'))).toEqual([
      ['new', 4, null, null],
      ['contacted', 1, 4, 25],
      ['qualified', 2, 1, 200],
      ['closed', 1, 2, 50],
      ['dead', 1, 1, 100],
    ]);
  });

  test('divides who got how far in ours: never above 100 %, every stage there', async () => {
    // 5 / 9 = 55.56 %, 3 / 5 = 60 %, 1 / 3 = 33.33 %.
    const rows = await story.ours('conversion-funnel');
    expect(form(rows)).toEqual([
      ['new', 4, null, null],
      ['contacted', 1, 9, 55.56],
      ['qualified', 2, 5, 60],
      ['appointment', 0, 3, 33.33],
      ['offer', 0, 1, 100],
      ['closed', 1, 1, 100],
      ['dead', 1, null, null],
    ]);
    expect(rows.map((row: { died_here: number }) => row.died_here)).toEqual([
      0,
      1,
      0,
      0,
      0,
      0,
      null,
    ]);
  });
});
