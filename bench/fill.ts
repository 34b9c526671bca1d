import pg from 'pg';
import { atEnd } from './at-end.ts';
import { shown } from './benchmark.ts';
import yearOfLeads from './year-of-leads.sql' with { type: 'text' };

/** Fills a database with a year of leads; what is there then, in words. */
export async function fillYear(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  atEnd(() => client.end());
  await client.query(yearOfLeads);
  // The autovacuum of a database that was filled over a year would have.
  await client.query('vacuum analyze');
  const { rows } = await client.query(`
    select (select count(*) from leads) as leads, (select count(*) from lead_events) as events`);
  const [found] = rows;
  return `${shown(Number(found.leads))} leads and ${shown(Number(found.events))} events of a year`;
}
