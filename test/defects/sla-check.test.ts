import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { query } from '../../core/database/client.ts';
import { clock, startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory();
  story.seed.client.on('notice', ({ message }) => notices.push(String(message)));
});
afterAll(() => story.close());
beforeEach(() => story.clear());

const notices: string[] = [];

/** A lead recorded as it came in, so many hours before the clock, and called after so many. */
async function lead(hours_ago: number, called_after?: number): Promise<void> {
  await story.api.sql(
    `with taken as (
       insert into leads (source, created_at, recorded_at)
       select 'zillow', t, t from (select $1::timestamptz - make_interval(hours => $2)) as f (t)
       returning id, created_at
     )
     insert into lead_events (lead_id, event_type, event_source, created_at)
     select id, 'contacted', 'agent', created_at + $3::float8 * interval '1 hour'
     from taken where $3::float8 is not null`,
    [clock, hours_ago, called_after ?? null],
  );
}

/** What the seed's check says: the notices that it raises. */
async function theirs(): Promise<string[]> {
  await story.seed.copy();
  notices.length = 0;
  await story.seed.sql('select check_response_time_sla()');
  return [...notices];
}

/** What ours says over the Data API, as a job asks it. */
const ours = () =>
  query(
    `select avg_response_hours::float8, total_leads, waiting_leads, breached
     from check_response_time_sla(:at::timestamptz)`,
    { at: clock },
  );

describe('12: the SLA check', () => {
  test('is silent in the seed when nobody called anybody; ours counts the waits', async () => {
    // Five leads, waiting for 2, 4, 6, 8 and 10 hours: 6 on average. The seed averages none.
    for (const hours of [2, 4, 6, 8, 10]) await lead(hours);
    expect(await theirs()).toEqual([]);
    expect(await ours()).toEqual([
      { avg_response_hours: 6, total_leads: 5, waiting_leads: 5, breached: true },
    ]);
  });

  test('is content in the seed with one quick call beside four waits; ours is not', async () => {
    // One called after half an hour, four waiting for 10: (0.5 + 4 × 10) / 5 = 8.1 hours.
    await lead(10, 0.5);
    for (let n = 0; n < 4; n++) await lead(10);
    expect(await theirs()).toEqual([]);
    expect(await ours()).toEqual([
      { avg_response_hours: 8.1, total_leads: 5, waiting_leads: 4, breached: true },
    ]);
  });

  test('averages every call in the seed; ours the first of each lead', async () => {
    // Five leads of 12 hours ago, each called after 1 hour: no breach. One is called again after
    // 11: (5 × 1 + 11) / 6 = 2.67 hours by the seed, an alert about nothing.
    for (let n = 0; n < 5; n++) await lead(12, 1);
    await story.api.sql(
      `insert into lead_events (lead_id, event_type, event_source, created_at)
       select id, 'contacted', 'agent', created_at + interval '11 hours' from leads limit 1`,
    );
    expect(await theirs()).toEqual([expect.stringContaining('2.66')]);
    expect(await ours()).toMatchObject([{ avg_response_hours: 1, breached: false }]);
  });

  test('says it in a notice in the seed, which the Data API drops; ours in a row', async () => {
    // Five leads, each called after 3 hours: 3 on average, above 2. Both know; who hears of it?
    for (let n = 0; n < 5; n++) await lead(12, 3);
    const alert = 'ALERT: Average response time is 3 hours (SLA: 2 hours)';
    expect(await theirs()).toEqual([alert]);
    // Not even as nothing: its void result is refused (16).
    await expect(
      query('select seed.check_response_time_sla()').catch(({ cause }) => cause.name),
    ).resolves.toBe('UnsupportedResultException');
    expect(await ours()).toMatchObject([{ avg_response_hours: 3, breached: true }]);
    // And called as the seed calls it, as of now: these leads are long past.
    expect(await query('select * from check_response_time_sla()')).toMatchObject([
      { total_leads: 0, breached: false },
    ]);
  });

  test('forgets in the seed a lead ignored for 25 hours; our second rule does not', async () => {
    // It came in 25 hours ago: outside the seed's 24, and 1,500 minutes of waiting.
    await lead(25);
    expect(await theirs()).toEqual([]);
    expect(await ours()).toMatchObject([{ total_leads: 0, breached: false }]);
    const messages = await query('select message from check_sla(:at::timestamptz, 10)', {
      at: clock,
    });
    expect(messages).toMatchObject([
      { message: { rule: 'oldest-waiting', value: 1500, leads: 1 } },
    ]);
  });

  // What becomes of these messages, published to SNS under one id however often a run is fired, is
  // tested with the jobs.
});
