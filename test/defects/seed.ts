import { readFileSync } from 'node:fs';
import pg from 'pg';

/** The seed's tables and the like in the order in which its document has them. */
export const seedObjects = [
  'leads',
  'lead_events',
  'lead_experiments',
  'lead_experiment_assignments',
  'lead_skills',
  'lead_metrics',
  'check_response_time_sla',
] as const;

/** The reports that are queries of the seed. */
export const seedReports = [
  'conversion-funnel',
  'response-time',
  'lead-source-performance',
  'agent-performance',
  'experiment-results',
  'executive-summary',
] as const;

export type SeedReport = (typeof seedReports)[number];

const tables = [
  'agent_profiles',
  'lead_skills',
  'leads',
  'lead_events',
  'lead_experiments',
  'lead_experiment_assignments',
];
const numbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

/** The text of one of the seed's statements, verbatim below its first line. */
export function seedText(name: string): string {
  return readFileSync(`${import.meta.dirname}/seed/${name}.sql`, 'utf8');
}

/** The seed's query with the one repair that its text needs. */
export function seedQuery(name: SeedReport): string {
  const text = seedText(name);
  return name === 'executive-summary'
    ? text.replace('FROM leads\nWHERE', 'FROM leads l\nWHERE')
    : text;
}

/** The seed, repaired, in a schema of its own beside ours, on a connection that sees it first. */
export async function plantSeed(databaseUrl: string) {
  const client = new pg.Client({
    connectionString: databaseUrl,
    // pg_catalog is last: so the seed's now() is the tests' clock.
    options: '-c search_path=seed,public,pg_catalog -c timezone=UTC',
    types: {
      getTypeParser: (oid: number) =>
        numbers.has(oid) ? Number : (pg.types.getTypeParser(oid) as (text: string) => unknown),
    } as pg.CustomTypesConfig,
  });
  await client.connect();
  await client.query('create schema seed');
  const [first, ...others] = seedObjects.filter((name) => name !== 'lead_skills');
  for (const name of ['repairs', 'lead_skills', first, ...others]) {
    await client.query(seedText(String(name)));
  }

  async function sql(text: string, values: unknown[] = []) {
    return (await client.query(text, values)).rows;
  }
  return {
    client,
    sql,
    /** Sets what the seed takes for now. */
    at: (moment: string) => sql(`select set_config('seed.now', $1, false)`, [moment]),
    /** Runs one of its queries; bigint and numeric as numbers. */
    report: (name: SeedReport) => sql(seedQuery(name)),
    /** Fills its tables with what ours hold, events in the order of their arrival. */
    async copy(): Promise<void> {
      await sql(`truncate ${tables.map((table) => `seed.${table}`).join(', ')}`);
      for (const table of tables) await copyTable(client, table);
    },
    close: () => client.end(),
  };
}

async function copyTable(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query(
    `select string_agg(column_name, ', ') as names
     from information_schema.columns where table_schema = 'seed' and table_name = $1`,
    [table],
  );
  const arrival = table === 'lead_events' ? 'order by recorded_at, id' : '';
  const { names } = rows[0];
  await client.query(
    `insert into seed.${table} (${names}) select ${names} from public.${table} ${arrival}`,
  );
}
