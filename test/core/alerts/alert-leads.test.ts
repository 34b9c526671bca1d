import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../setup/database.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  db = await createDatabase();
  // Every order of what can happen to a lead that is due at 2 and looked at before, at and after.
  await db.sql('alter table leads disable trigger user');
  await db.sql(
    `insert into leads (
       source, created_at, recorded_at, sla_due_at, sla_human_only, first_contacted_at,
       first_human_contact_at, offer_at, dead_at, current_stage, last_stage_event_at
     )
     select 'zillow', h.at[1], h.at[1], h.at[3], human_only, h.at[contact], h.at[human],
       h.at[offer], h.at[dead], case when dead > 0 then 'dead' when offer > 0 then 'offer'
         when contact > 0 then 'contacted' else 'new' end,
       h.at[greatest(contact, offer, dead)]
     from (
       select array_agg(timestamptz '2026-03-10 00:00Z' + n * interval '1 hour' order by n) as at
       from generate_series(0, 5) n
     ) as h
     cross join unnest(array[true, false]) human_only
     cross join generate_series(0, 5) contact
     cross join generate_series(0, 5) human
     cross join generate_series(0, 5) offer
     cross join generate_series(0, 5) dead
     where 1 not in (contact, human, offer, dead)
       and (human = 0 or contact between 1 and human)`,
  );
});
afterAll(() => db.close());

const times = [0, 1, 2, 3, 4, 5, 6].map((hour) => `2026-03-10T0${hour}:00:00Z`);

test.each(times)('at %s a lead is met as its state says', async (at) => {
  const rows = await db.sql(
    `select s.sla_state as state, a.sla_met, count(*)::integer as leads
     from alert_leads($1) a join leads l on l.id = a.id
     join report_leads(
       '-infinity', 'infinity', $1, 'created', null, null, null, null, 'all', null
     ) s on s.id = a.id
     group by 1, 2`,
    [at],
  );
  const verdicts = { met: true, late: false, breached: false, pending: null, excused: null };
  expect(rows.length).toBeGreaterThan(0);
  for (const { state, sla_met } of rows) {
    expect([state, sla_met]).toEqual([state, verdicts[state as keyof typeof verdicts]]);
  }
});

test.each(times)('at %s what is overdue is breached, and nothing is that is dead', async (at) => {
  const [row] = await db.sql(
    `select
       count(*) filter (
         where a.overdue and s.sla_state <> 'breached'
       )::integer as not_breached,
       count(*) filter (where a.overdue and l.dead_at <= $1)::integer as dead,
       count(*) filter (
         where not a.overdue and s.sla_state = 'breached' and l.dead_at is null
       )::integer as forgotten
     from alert_leads($1) a join leads l on l.id = a.id
     join report_leads(
       '-infinity', 'infinity', $1, 'created', null, null, null, null, 'all', null
     ) s on s.id = a.id`,
    [at],
  );
  expect(row).toEqual({ not_breached: 0, dead: 0, forgotten: 0 });
});

test.each([
  ['waiting', 'idx_leads_waiting_until'],
  ['overdue', 'idx_leads_overdue_until'],
])('who is %s is found by an index of its own', async (which, index) => {
  const client = await db.pool.connect();
  await client.query('set enable_seqscan = off');
  const { rows } = await client.query(
    `explain select id from alert_leads('2026-03-10 12:00Z') where ${which}`,
  );
  client.release();
  expect(JSON.stringify(rows)).toContain(index);
});
