import pg from 'pg';
import { atEnd } from './at-end.ts';
import { benchmark, median, shown } from './benchmark.ts';
import { startMachineApart } from './start-machine.ts';
import waitingLeads from './waiting-leads.sql' with { type: 'text' };

const rounds = 5;

await benchmark(async () => {
  const { databaseUrl } = await startMachineApart();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  atEnd(() => client.end());
  // One by one: a vacuum stands in no transaction.
  for (const statement of waitingLeads.split(/;\n/)) await client.query(statement);
  const timed = async (sql: string, at: string) => {
    const begun = performance.now();
    const { rows } = await client.query(sql, [at]);
    return { milliseconds: performance.now() - begun, found: Number(rows[0].found) };
  };
  const hour = (n: number) => `2026-03-10 ${12 + n}:00Z`;
  const readings = [];
  for (let n = 0; n < rounds; n++) {
    readings.push(await timed('select count(*) as found from alert_readings($1)', hour(0)));
  }
  const first = await timed('select advance_incidents($1) as found', hour(0));
  const later = [];
  for (let n = 1; n <= rounds; n++) {
    later.push(await timed('select advance_incidents($1) as found', hour(n)));
  }
  const medianOf = (runs: { milliseconds: number }[]) =>
    shown(median(runs.map(({ milliseconds }) => milliseconds)));
  const { rows } = await client.query(
    'select count(*) as open, (select count(*) from alert_rules) as rules from incidents',
  );
  const [{ open, rules }] = rows;
  return [
    {
      title: `alerts: ${rules} rules over 100,000 waiting leads, milliseconds`,
      columns: ['what', 'how many', 'took', 'at most'],
      rows: [
        [`readings (median of ${rounds})`, shown(readings[0]?.found ?? 0), medianOf(readings), ''],
        ['the check that opens them all', shown(first.found), shown(first.milliseconds), '5,000'],
        [`a check after it (median of ${rounds})`, shown(Number(open)), medianOf(later), '5,000'],
      ],
    },
  ];
});
