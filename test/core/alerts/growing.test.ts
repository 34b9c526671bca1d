import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../setup/database.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  db = await createDatabase();
  // Of 5,000 leads of a year ten wait.
  await db.sql('alter table leads disable trigger user');
  await db.sql(
    `insert into leads (
       source, created_at, recorded_at, sla_due_at, sla_human_only, first_contacted_at,
       first_human_contact_at, current_stage, last_stage_event_at
     )
     select 'zillow', came, came, came + interval '2 hours', false, called, called,
       case when n > 10 then 'contacted' else 'new' end, called
     from generate_series(5000, 1, -1) n
     cross join lateral (
       select timestamptz '2026-03-10 00:00Z' - n * interval '105 minutes' as came
     ) as c
     cross join lateral (
       -- In no order: what lies in the order of the table is cheap to read through.
       select case when n > 10 then
         least(came + n * 7919 % 40000 * interval '1 minute', '2026-03-09 00:00Z')
       end
     ) as t (called)`,
  );
  await db.sql(
    `insert into alert_rules (name, metric, threshold, minimum_leads, severity)
     values ('overdue', 'breached_leads', 0, 1, 'info')`,
  );
  await db.sql('vacuum analyze leads');
});
afterAll(() => db.close());

test('a session that has checked often still reads those who wait alone', async () => {
  const session = await db.pool.connect();
  await db.sql('select pg_stat_reset()');
  const checks = 12;
  for (let n = 0; n < checks; n++) {
    await session.query(`select from alert_readings('2026-03-10 12:00Z')`);
  }
  await session.query('select pg_stat_force_next_flush()');
  session.release();
  const [{ read } = { read: 0 }] = await db.sql<{ read: number }>(
    `select (seq_tup_read + idx_tup_fetch)::integer as read
     from pg_stat_user_tables where relname = 'leads'`,
  );
  // 43; with a plan for any moment 2,944.
  expect(read / checks).toBeLessThan(200);
});
