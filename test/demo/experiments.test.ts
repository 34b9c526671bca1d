import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketOf } from '../../demo/bucket.ts';
import { armOf } from '../../demo/trials.ts';
import { startDemoMachine } from '../setup/demo.ts';
import { demoEnd, demoYear } from '../setup/demo-year.ts';
import vectors from '../statistics/vectors.json' with { type: 'json' };

const year = demoYear();
const [kept, killed, running] = year.trials.map(({ id }) => id);

let api: Awaited<ReturnType<typeof startDemoMachine>>;
beforeAll(async () => {
  api = await startDemoMachine();
}, 120_000);
afterAll(() => api.close());

const experiment = async (id: string | undefined) => (await api.get(`/v1/experiments/${id}`)).body;
const looks = async (id: string | undefined) =>
  (await api.get(`/v1/experiments/${id}/looks`)).body.items;
const skill = async (name: string) => {
  const { body } = await api.get(`/v1/skills?name=${name}`);
  return body.items[0];
};

describe('who is in which arm', () => {
  test.each(
    vectors.filter(
      ({ kind, inputs }) => kind === 'hash' && 'version' in inputs && inputs.version === 2,
    ),
  )('goes by the published hash: $id', ({ inputs, expected }) => {
    const { seed, value } = inputs as { seed: string; value: string };
    expect({ bucket: bucketOf(seed, value) }).toEqual(expected);
  });

  test('is what the story took each lead for, and nobody else is in any', async () => {
    const told = year.leads
      .filter(({ created_at }) => Date.parse(created_at) < demoEnd)
      .flatMap((lead) => {
        const arm = armOf(year.trials, lead);
        const group = arm?.treatment ? 'treatment' : 'control';
        return arm ? [`${lead.id} ${arm.id} ${group} ${lead.created_at}`] : [];
      });
    const stored = await api.sql<{ told: string }>(
      `select concat_ws(
         ' ', lead_id, experiment_id, group_name,
         to_char(assigned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) as told
       from lead_experiment_assignments`,
    );
    expect(stored.map((row) => row.told).toSorted()).toEqual(told.toSorted());
    expect(told.length).toBeGreaterThan(600);
  });

  test('opens from the list of leads, arm by arm', async () => {
    const { people } = (await factsOf(running)) as {
      people: { assigned: Record<string, number>; excluded: { repeat_leads: number } };
    };
    const totals = ['control', 'treatment'].map(async (group) => {
      const path = `/v1/leads?experiment_id=${running}&group_name=${group}&limit=1`;
      return (await api.get(path)).body.total;
    });
    const [control, treatment] = await Promise.all(totals);
    const { assigned, excluded } = people;
    expect(control + treatment).toBe(
      Number(assigned.control) + Number(assigned.treatment) + excluded.repeat_leads,
    );
    expect(Math.min(control, treatment)).toBeGreaterThan(50);
  });
});

describe('what leadpulse made of it', () => {
  test('a text at once is quicker and costs no replies: kept, and somebody confirmed', async () => {
    const ended = await experiment(kept);
    expect(ended).toMatchObject({ status: 'completed', decision: 'KEEP', decision_code: 'WIN' });
    expect(ended).toMatchObject({ recommended: 'KEEP', decided_by: 'Tessa Vale' });
    expect(ended.decision_reason).toMatch(/^KEEP: .*Guardrails: reply rate safe\.$/);
    expect(ended.treatment_metric_value).toBeLessThan(1);
    expect(ended.control_metric_value).toBeGreaterThan(300);
    const { status, activated_at } = await skill('instant-responder');
    expect([status, activated_at]).toEqual(['active', ended.decided_at]);
    expect(ended.decided_at > ended.ended_at).toBe(true);
  });

  test('three questions first are quicker too, and cost replies: to be killed', async () => {
    const ended = await experiment(killed);
    expect(ended).toMatchObject({ decision: 'KILL', decision_code: 'GUARDRAIL_HARM' });
    expect(ended.treatment_metric_value).toBeLessThan(1);
    expect(ended).toMatchObject({ recommended: 'KILL', decided_by: null });
    expect((await skill('question-sender')).status).toBe('testing');
    const [look] = await looks(killed);
    const [replies] = look.health.guardrails;
    expect(replies).toMatchObject({ metric: 'reply_rate', verdict: 'harm' });
    expect(replies.difference).toBeLessThan(-0.15);
  });

  test('each was decided at its first look, on the day its plan said', async () => {
    for (const [place, id] of [kept, killed].entries()) {
      const { started_at, ended_at, min_duration_days } = await experiment(id);
      const days = (Date.parse(ended_at) - Date.parse(started_at)) / 86_400_000;
      expect(Math.ceil(days) - 1).toBe(min_duration_days);
      expect(await looks(id)).toHaveLength(1);
      expect(Date.parse(ended_at)).toBe(year.trials[place]?.endsAt);
    }
  });

  test('one runs: some leads have had their time, some not, and nothing is wrong', async () => {
    const now = await experiment(running);
    expect(now).toMatchObject({ status: 'running', decision: null, warnings: [] });
    expect(now.follows_experiment_id).toBe(kept);
    const { metrics, people } = await factsOf(running);
    const [{ control, treatment }] = metrics as [Record<string, { n: number }>];
    const { assigned } = people as { assigned: Record<string, number> };
    for (const [arm, mature] of Object.entries({ control, treatment })) {
      expect(mature?.n, arm).toBeGreaterThan(20);
      expect(mature?.n, arm).toBeLessThan(Number(assigned[arm]));
    }
    expect(await looks(running)).toEqual([]);
  });

  test('what a look saw is what the leads say to this day', async () => {
    for (const id of [kept, killed]) {
      const [found] = await api.sql<{ input: Record<string, unknown>; facts: object }>(
        `select k.input, f.facts
         from lead_experiment_looks k
         cross join experiment_facts($2, array[k.experiment_id], null, null) as f
         where k.experiment_id = $1`,
        [id, new Date(demoEnd)],
      );
      const { looks: _, next_look: __, ...then } = found?.input ?? {};
      expect(Object.keys(then)).toContain('metrics');
      expect(found?.facts).toMatchObject(then);
    }
  });
});

test('its leads are history all the same, and ring nobody', async () => {
  const [found] = await api.sql<{ in_time: string }>(
    `select count(*) as in_time from leads where recorded_at <= created_at + interval '24 hours'`,
  );
  expect(Number(found?.in_time)).toBe(0);
});

async function factsOf(id: string | undefined): Promise<Record<string, unknown>> {
  const [found] = await api.sql<{ facts: Record<string, unknown> }>(
    'select facts from experiment_facts($1, array[$2::uuid], null, null)',
    [new Date(demoEnd), id],
  );
  return found?.facts ?? {};
}
