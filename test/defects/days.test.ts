import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clock, startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterAll(() => story.close());
beforeEach(() => story.clear());

describe('13: days', () => {
  test("are the session's in the seed; in ours the workspace's, whoever asks", async () => {
    // 03:30 UTC on June 10 is 23:30 on June 9 in New York, where the team is: a lead of June 9.
    await story.lead('2025-06-10T03:30:00Z');
    await story.refresh();
    const theirDay = `select to_char(date, 'YYYY-MM-DD') as date from seed.lead_metrics`;
    const ourDay = `select to_char(date, 'YYYY-MM-DD') as date from public.lead_metrics`;

    const days: unknown[] = [];
    for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
      await story.seed.sql(`set timezone = '${zone}'`);
      await story.seed.sql('refresh materialized view seed.lead_metrics');
      await story.seed.sql('refresh materialized view public.lead_metrics');
      const [theirs] = await story.seed.sql(theirDay);
      const [ours] = await story.seed.sql(ourDay);
      days.push([zone, theirs.date, ours.date]);
    }
    await story.seed.sql('reset timezone');
    expect(days).toEqual([
      ['UTC', '2025-06-10', '2025-06-09'],
      ['America/New_York', '2025-06-09', '2025-06-09'],
      ['Asia/Tokyo', '2025-06-10', '2025-06-09'],
    ]);
    const day = { from: '2025-06-09', to: '2025-06-10' };
    expect(await story.ours('trend', day)).toMatchObject([{ date: '2025-06-09', total_leads: 1 }]);
    expect(await story.ours('lead-metrics', day)).toMatchObject([
      { date: '2025-06-09', total_leads: 1 },
    ]);
  });

  test('are cut by the second in the seed; ours are whole, and match the trend', async () => {
    // Now is 12:00 UTC on June 20. The seed's 30 days begin at 12:00 UTC on May 21, amid a day: a
    // lead of that second is gone a second later. Ours begin at New York's midnight: May 21 counts
    // both its leads, at any second of June 20. (A third lead is far from any edge.)
    await story.lead('2025-05-21T12:00:00.500Z');
    await story.lead('2025-05-21T06:00:00Z');
    await story.lead('2025-06-10T15:00:00Z');
    const seconds = ['2025-06-20T12:00:00Z', '2025-06-20T12:00:01Z'];
    const counts: unknown[] = [];
    for (const as_of of seconds) {
      await story.seed.at(as_of);
      const [theirs] = await story.theirs('executive-summary');
      const [ours] = await story.ours('executive-summary', { as_of });
      counts.push([theirs.total_leads, ours.total_leads]);
    }
    await story.seed.at(clock);
    expect(counts).toEqual([
      [2, 3],
      [1, 3],
    ]);
    const trend = await story.ours('trend');
    expect(trend[0]).toMatchObject({ date: '2025-05-21', total_leads: 2 });
    expect(trend).toHaveLength(31);
  });
});

describe('14: the materialized view', () => {
  test('cannot be refreshed under its readers in the seed, in ours it can', async () => {
    await story.lead('2025-06-10T15:00:00Z');
    await story.seed.copy();
    const refresh = 'refresh materialized view concurrently';
    await expect(story.seed.sql(`${refresh} seed.lead_metrics`)).rejects.toMatchObject({
      code: '55000',
      hint: expect.stringContaining('unique index'),
    });

    // A reader of ours with the old rows still open does not keep the refresh waiting.
    const reader = await story.api.pool.connect();
    try {
      await reader.query('begin isolation level repeatable read');
      const before = await reader.query('select count(*)::int as rows from lead_metrics');
      await story.api.sql(`${refresh} lead_metrics`);
      const during = await reader.query('select count(*)::int as rows from lead_metrics');
      expect(during.rows).toEqual(before.rows);
      await reader.query('commit');
    } finally {
      reader.release();
    }
    const rows = 'select total_leads::int, source from lead_metrics';
    expect(await story.api.sql(rows)).toEqual([{ total_leads: 1, source: 'zillow' }]);
  });

  test('counts the money of a deal that fell through in the seed, not in ours', async () => {
    // Two leads of a day: one closed for 12,000, one closed for 30,000 and then lost. Revenue is
    // 12,000 from 1 conversion. The seed's rows, as whoever keeps them by hand leaves them: the
    // lost lead is dead, not converted, and still has its 30,000. Its view adds up 42,000.
    const morning = '2025-06-10T15:00:00Z';
    await story.lead(morning, {}, ['closed', 60, { value: '12000.00' }]);
    const lost = await story.lead(
      morning,
      {},
      ['closed', 60, { value: '30000.00' }],
      ['dead', 600],
    );
    await story.refresh();
    await story.seed.sql('update leads set conversion_value = 30000 where id = $1', [lost]);
    await story.seed.sql('refresh materialized view seed.lead_metrics');

    expect(await story.seed.sql('select * from seed.lead_metrics')).toMatchObject([
      { total_leads: 2, converted_leads: 1, total_revenue: 42_000, avg_deal_value: 21_000 },
    ]);
    expect(await story.seed.report('executive-summary')).toMatchObject([
      { conversions: 1, total_revenue: 42_000, avg_deal_value: 21_000 },
    ]);

    const right = { total_revenue: '12000.00', avg_deal_value: '12000.00' };
    expect(await story.ours('lead-metrics')).toMatchObject([{ converted_leads: 1, ...right }]);
    expect(await story.ours('executive-summary')).toMatchObject([{ conversions: 1, ...right }]);
    // Nor can it be written past the events: the row would contradict itself.
    await expect(
      story.api.sql('update leads set conversion_value = 30000 where id = $1', [lost]),
    ).rejects.toMatchObject({ constraint: 'leads_conversion_value' });
  });
});
