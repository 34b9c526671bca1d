import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '../../../functions/check-sla.ts';
import { type Scene, startScene } from '../jobs/scene.ts';
import { type Lead, newYork, rules, simulate } from './quarter.ts';
import { expectedSteps, type Step } from './quarter-oracle.ts';

// A quarter with the day the clocks spring forward: on two busy cores it takes 24 s.
const [from, to] = ['2026-02-01', '2026-05-01'];
const hourMs = 3_600_000;

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterAll(() => scene.close());

const isoAt = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What happens within a day: leads that come in, and who is called. */
async function tell(came: readonly Lead[], called: readonly Lead[], at: number): Promise<void> {
  await scene.sql(
    `insert into leads (external_id, source, created_at, recorded_at, sla_due_at, is_test)
     select id, source, created, case kind when 'history' then $2::timestamptz else created end,
       case kind when 'lead' then created + interval '2 hours' end, kind = 'test'
     from jsonb_to_recordset($1) as l (id text, source text, created timestamptz, kind text)`,
    [rowsOf(came), isoAt(at)],
  );
  await scene.sql(
    `insert into lead_events (lead_id, event_type, event_source, created_at, recorded_at)
     select l.id, 'contacted', 'agent', c.contacted, c.contacted
     from jsonb_to_recordset($1) as c (id text, contacted timestamptz)
     join leads l on l.external_id = c.id`,
    [rowsOf(called)],
  );
}

const numbers = new Map<Lead, number>();

function rowsOf(leads: readonly Lead[]): string {
  return JSON.stringify(
    leads.map((lead) => ({
      ...lead,
      id: `${numbers.get(lead)}`,
      created: new Date(lead.created).toISOString(),
      contacted: Number.isFinite(lead.contacted) ? new Date(lead.contacted).toISOString() : null,
    })),
  );
}

/** Every hour's check through the handler; what a subscriber heard. */
async function run(leads: readonly Lead[], start: number, end: number): Promise<Heard> {
  const byCall = leads.toSorted((a, b) => a.contacted - b.contacted);
  leads.forEach((lead, index) => {
    numbers.set(lead, index);
  });
  const steps: (Step & { id: string })[] = [];
  let [came, called, milliseconds, checks] = [0, 0, 0, 0];
  for (let at = start; at <= end; at += hourMs) {
    // Before it happens, a day at a time: a check asks what had happened by its hour.
    if ((at - start) % (24 * hourMs) === 0) {
      const before = [came, called] as const;
      while ((leads[came]?.created ?? Infinity) <= at + 24 * hourMs) came += 1;
      while ((byCall[called]?.contacted ?? Infinity) <= at + 24 * hourMs) called += 1;
      await tell(leads.slice(before[0], came), byCall.slice(before[1], called), at);
    }
    const begun = performance.now();
    const { published } = await handler({ scheduled_at: isoAt(at) }, {} as never);
    milliseconds += performance.now() - begun;
    checks += 1;
    if (published === 0) continue;
    for (const { message } of await scene.received()) {
      const { id, rule, source, transition, scheduled_at } = message;
      steps.push({
        id,
        rule,
        source,
        transition,
        at: Date.parse(scheduled_at),
      } as (typeof steps)[0]);
    }
  }
  return { steps, checks, milliseconds: Math.round(milliseconds / checks) };
}

interface Heard {
  readonly steps: (Step & { id: string })[];
  readonly checks: number;
  readonly milliseconds: number;
}

test('every planted incident opens at its hour, is told once and closes once', async () => {
  await scene.sql('update alert_rules set active = false');
  for (const rule of rules) await scene.post('/v1/alert-rules', rule);
  const { leads, planted } = simulate(from, to);
  const [start, end] = [newYork(from, 0), newYork(to, 0)];
  const expected = expectedSteps(leads, start, end);
  const openings = expected.filter(({ transition }) => transition === 'opened');

  // What should be told is what was planted, each once, and all of it ends.
  const causes = openings.map(({ rule, source, at }) =>
    planted.filter(
      (one) => one.rule === rule && one.source === source && at >= one.from && at <= one.to,
    ),
  );
  expect(causes.map((found) => found.length)).toEqual(openings.map(() => 1));
  expect(new Set(causes.flat()).size).toBe(planted.length);
  expect(expected.length).toBe(2 * planted.length);

  const { steps, checks, milliseconds } = await run(leads, start, end);
  const keyOf = ({ rule, source, transition, at }: Step) =>
    `${isoAt(at)} ${rule} ${source} ${transition}`;
  const told = steps.map(keyOf);
  const wanted = expected.map(keyOf);
  const missed = wanted.filter((key) => !told.includes(key));
  const wrong = told.filter((key) => !wanted.includes(key));
  const twice = told.length - new Set(told).size;
  process.stdout.write(
    `${checks} checks over ${leads.length} leads, ${milliseconds} ms each: ` +
      `${planted.length} planted, ${steps.length} told, ` +
      `${wrong.length} false, ${missed.length} missed, ${twice} twice\n`,
  );
  expect({ missed, wrong, twice }).toEqual({ missed: [], wrong: [], twice: 0 });
  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
}, 300_000);
