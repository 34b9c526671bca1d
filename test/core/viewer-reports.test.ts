import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { generateHistory, type History } from '../oracle/histories.ts';
import { DAY, formatInstant, startOfLocalDay } from '../oracle/local-time.ts';
import type { ReportName } from '../oracle/reports.ts';
import type { Facts, Parameters } from '../oracle/types.ts';
import { expectAsCounted, takes } from '../setup/against-oracle.ts';
import { storeHistory } from '../setup/facts.ts';
import { startTestMachine } from '../setup/machine.ts';
import { startAsAgent, type Viewer } from '../setup/viewer.ts';

const place = { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-22' };
const end = startOfLocalDay(place.to, place.timezone);
const refreshed_at = end + 80n * DAY;
const names = reports.map((report) => report.name as ReportName);
const history = generateHistory({ ...place, seed: 42, leads: 900 });

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
  await api.sql('update workspace set timezone = $1', [place.timezone]);
  await storeHistory(api.pool, history);
  await api.sql('refresh materialized view lead_metrics');
  await api.sql('insert into metric_refreshes (scheduled_at) values ($1)', [
    formatInstant(refreshed_at),
  ]);
});
afterAll(() => api.close());

/** What there would be if nobody but this agent worked here. */
async function factsOf(id: string): Promise<Facts> {
  const sql = 'select id from leads where assigned_agent_id = $1';
  const own = new Set((await api.sql<{ id: string }>(sql, [id])).map((lead) => lead.id));
  const ofOwn = ({ lead_id }: { lead_id: string }) => own.has(lead_id);
  return {
    ...history,
    agents: history.agents.filter((agent) => agent.id === id),
    leads: history.leads.filter((lead) => own.has(lead.id)),
    events: history.events.filter(ofOwn),
    assignments: history.assignments.filter(ofOwn),
    spend: [],
  } satisfies Facts as History;
}

const nameOf = ({ first_name, last_name }: History['agents'][number]) =>
  `${first_name} ${last_name}`;

describe.each(history.agents.map((agent) => [nameOf(agent), agent.id] as const))(
  'to %s',
  (_name, id) => {
    let viewer: Viewer;
    let facts: Facts;
    beforeAll(async () => {
      viewer = await startAsAgent(api, id);
      facts = await factsOf(id);
    });
    afterAll(() => viewer.close());

    const compare = (name: ReportName, given: Partial<Parameters>) => {
      const as_of = end + 70n * DAY;
      // By hand the money of an agent is null where it is asked for by agent.
      const asked = name === 'lead-source-performance' ? { agent_id: id, ...given } : given;
      // Whose first lead is another's, is another's person: experiments need everybody's facts.
      const isOfPeople = name === 'experiment-results';
      const scene = { api: viewer, facts: isOfPeople ? history : facts, ...place };
      const parameters = { ...asked, ...(isOfPeople && { viewer: id }) };
      return expectAsCounted({ ...scene, as_of, refreshed_at }, name, parameters);
    };

    test.each(names)('%s says what counting the own leads by hand says', async (name) => {
      await compare(name, {});
      await compare(name, { as_of: end - 9n * DAY });
      if (takes(name, 'basis')) await compare(name, { basis: 'converted' });
      if (takes(name, 'compare')) await compare(name, { compare: 'previous' });
    });
  },
);

test('the agents of these reports have leads, and so has nobody', async () => {
  const sql = `select count(distinct assigned_agent_id)::int as agents,
                 count(*) filter (where assigned_agent_id is null)::int as nobodys
               from leads`;
  const [found] = await api.sql<{ agents: number; nobodys: number }>(sql);
  expect(found?.agents).toBeGreaterThan(5);
  expect(found?.nobodys).toBeGreaterThan(50);
});
