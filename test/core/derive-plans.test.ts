import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateHistory } from '../oracle/histories.ts';
import { createDatabase } from '../setup/database.ts';
import { storeEvents, storeLeads, storePeople } from '../setup/facts.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
let writer: pg.Client;
beforeAll(async () => {
  db = await createDatabase();
  writer = new pg.Client(db.url);
  await writer.connect();
});
afterAll(async () => {
  await writer.end();
  await db.close();
});

/** Rows of events that the writer's transaction has read so far. */
async function readByWriter(): Promise<number> {
  const { rows } = await writer.query(
    `select (seq_tup_read + idx_tup_fetch)::integer as tuples
     from pg_stat_xact_user_tables where relname = 'lead_events'`,
  );
  return rows[0].tuples;
}

// What autovacuum does to a first batch: none of its rows is visible, and the table, which has
// pages by now, counts as empty.
test('deriving a batch stays linear while the planner takes both tables for empty', async () => {
  const history = generateHistory({
    timezone: 'UTC',
    from: '2026-01-15',
    to: '2026-02-14',
    seed: 7,
    leads: 150,
  });
  await storePeople(db.pool, history);
  const ids = history.leads.map((lead) => lead.id);
  await writer.query('begin');
  await writer.query('set local session_replication_role = replica');
  await storeLeads(writer, history.leads);
  await storeEvents(writer, history.events);
  await db.sql('analyze leads, lead_events');
  const rows = await db.sql(
    `select reltuples, relpages > 0 as filled from pg_class where oid = 'lead_events'::regclass`,
  );
  expect(rows).toEqual([{ reltuples: 0, filled: true }]);
  await writer.query('set local plan_cache_mode = force_generic_plan');
  const before = await readByWriter();
  await writer.query('select derive_leads($1)', [ids]);
  expect((await readByWriter()) - before).toBeLessThanOrEqual(20 * history.events.length);
  await writer.query('rollback');
});
