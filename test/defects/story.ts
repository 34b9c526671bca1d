import { reports } from '../../core/catalogue/reports.ts';
import { startTestMachine } from '../setup/machine.ts';
import { plantSeed } from './seed.ts';

/** Now, to both: the seed's now() and our as_of. */
export const clock = '2025-06-20T12:00:00Z';

/** Whole days that hold the seed's last 30 days, and nothing the tests put outside them. */
const window = { from: '2025-05-21', to: '2025-06-21' };

/** What happened: the type, how many minutes after the lead came in, and more of the event. */
export type Happening = [type: string, minutes: number, more?: Record<string, unknown>];

/** Ours and the seed in one database, to tell both the same story. */
export async function startStory(environment: Record<string, string> = {}) {
  const api = await startTestMachine(environment);
  const seed = await plantSeed(String(api.pool.options.connectionString));
  await seed.at(clock);

  async function post(path: string, body: unknown): Promise<{ id: string }> {
    const answer = await api.post(path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }
  return {
    api,
    seed,
    /** Takes in a lead and records what happened to it, through the API; the lead's id. */
    async lead(created_at: string, given: object = {}, ...happenings: Happening[]) {
      const { id } = await post('/v1/leads', { source: 'zillow', created_at, ...given });
      for (const [event_type, minutes, more] of happenings) {
        const at = new Date(Date.parse(created_at) + minutes * 60_000).toISOString();
        const event = { event_type, event_source: 'agent', created_at: at, ...more };
        await post(`/v1/leads/${id}/events`, event);
      }
      return id;
    },
    /** Adds an agent; the agent's id. */
    agent: async (first_name: string, last_name: string) =>
      (await post('/v1/agents', { first_name, last_name })).id,
    /** The rows of our report at the clock. */
    async ours(report: string, query: Record<string, string> = {}) {
      const takes: readonly string[] = reports.find(({ name }) => name === report)?.takes ?? [];
      const usual = Object.entries({ ...window, as_of: clock });
      const asked = { ...Object.fromEntries(usual.filter(([n]) => takes.includes(n))), ...query };
      const answer = await api.get(`/v1/reports/${report}?${new URLSearchParams(asked)}`);
      if (answer.status !== 200) throw new Error(`${report}: ${answer.status} ${answer.text}`);
      return answer.body.rows;
    },
    /** The rows of the seed's report on what ours hold. */
    async theirs(report: Parameters<typeof seed.report>[0]) {
      await seed.copy();
      return await seed.report(report);
    },
    /** Refreshes both views as of the clock, ours under its readers and on record. */
    async refresh(): Promise<void> {
      await api.sql('delete from metric_refreshes');
      await api.sql('select refresh_lead_metrics($1)', [clock]);
      await seed.copy();
      await seed.sql('refresh materialized view seed.lead_metrics');
    },
    /** Forgets every lead and agent of ours. */
    clear: () =>
      api.sql(
        `truncate leads, lead_events, agent_profiles, lead_skills, lead_experiments,
           lead_experiment_assignments cascade`,
      ),
    async close(): Promise<void> {
      await seed.close();
      await api.close();
    },
  };
}
