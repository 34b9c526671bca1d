import pg from 'pg';
import { atEnd } from './at-end.ts';
import { benchmark, median, shown } from './benchmark.ts';
import { startMachineApart } from './start-machine.ts';

const events = 80_000;
const rounds = 3;

// A life in four events; leads from ids that grow with time, as ours do.
const insertEvents = `
  insert into lead_events (id, lead_id, created_at, event_type, event_source, value)
  select
    uuidv7(), ($1::uuid[])[1 + (i - 1) % cardinality($1)], now() - interval '1 hour' * (4 - i % 4),
    (array['contacted', 'qualified', 'appointment_scheduled', 'closed'])[1 + i % 4], 'agent',
    case when i % 4 = 3 then 12500 end
  from generate_series(1, $2) as i`;

const insertLeads = `
  insert into leads (id, created_at, source)
  select uuidv7(), now() - interval '2 days', 'zillow'
  from generate_series(1, $1)
  returning id`;

await benchmark(async () => {
  const { databaseUrl } = await startMachineApart();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  atEnd(() => client.end());
  const rows: string[][] = [];
  for (const leads of [20_000, 1]) {
    const seconds: number[] = [];
    for (let round = 1; round <= rounds; round += 1) seconds.push(await insert(client, leads));
    const limit = leads > 1 ? '5' : '';
    const each = seconds.map((value) => shown(value, 2)).join(' · ');
    rows.push([`over ${shown(leads)}`, each, shown(median(seconds), 2), limit]);
  }
  const title = `events: ${shown(events)} in one insert, seconds`;
  return [{ title, columns: ['leads', 'rounds', 'median', 'at most'], rows }];
});

/** Seconds of one statement that records the events, on leads that are new each time. */
async function insert(client: pg.Client, leads: number): Promise<number> {
  const { rows } = await client.query<{ id: string }>(insertLeads, [leads]);
  const ids = rows.map(({ id }) => id);
  const start = performance.now();
  await client.query(insertEvents, [ids, events]);
  return (performance.now() - start) / 1000;
}
