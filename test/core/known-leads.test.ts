import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../setup/database.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  db = await createDatabase();
});
afterAll(() => db.close());

const many = 3000;
const leads = (external_id: string) =>
  `insert into leads (source, external_id) select 'zillow', ${external_id}
   from generate_series(1, ${many}) as n`;
const lookUps = {
  known_lead: `select count(known_lead('zillow', 'id-' || n)) from generate_series(1, 500) as n`,
  find_lead: `select count(find_lead(null, 'id-' || n, 'zillow', null, null))
              from generate_series(1, 500) as n`,
};

/**
 * Rows of leads and entries of their indexes that were read: an index can be read through without a
 * row being fetched. What a session did is counted when it idles: ask it first.
 */
async function readBy(client: pg.Client): Promise<number> {
  await client.query('select pg_stat_force_next_flush()');
  const { rows } = await client.query(
    `select
       sum(i.idx_tup_read)::integer
       + (select t.seq_tup_read from pg_stat_user_tables t where t.relname = 'leads')::integer
         as tuples
     from pg_stat_user_indexes i
     where i.relname = 'leads'`,
  );
  return Number(rows[0].tuples);
}

test.each(Object.entries(lookUps))(
  '%s reads one lead for each id, though its plan was made when no lead had one',
  async (_name, text) => {
    await db.sql('truncate leads cascade');
    await db.sql(leads('null'));
    await db.sql('analyze leads');
    await db.sql(leads(`'id-' || n`));
    const client = new pg.Client(db.url);
    await client.connect();
    try {
      const before = await readBy(client);
      const { rows } = await client.query(text);
      expect(Number(rows[0].count)).toBe(500);
      expect((await readBy(client)) - before).toBeLessThanOrEqual(1000);
    } finally {
      await client.end();
    }
  },
);
