import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Scene, type SceneLead, startScene } from '../jobs/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(() => scene.clear());
afterAll(() => scene.close());

const times = (count: number, lead: SceneLead) => Array.from({ length: count }, () => lead);
const met = (hours: number, type = 'contacted') => ({ events: [[type, hours]] as const });

/** What a rule reads at the scene's now, by what it is split by. */
async function readings(rule: object, at = scene.now) {
  await scene.onlyRule({ name: 'some-rule', threshold: 1, ...rule });
  return await scene.sql<Record<string, unknown>>(
    `select split_value, value::float8, sample::integer, leads::integer, breaks, recovers
     from alert_readings($1) order by split_value`,
    [at],
  );
}

describe('a reading', () => {
  test('of the average is what the check of the seed says', async () => {
    await scene.leads({ hoursAgo: 20, ...met(3) }, ...times(5, { hoursAgo: 4 }));
    await scene.leads({ hoursAgo: 2, ...met(1, 'dead') }, { hoursAgo: 30 });
    const rule = { metric: 'avg_response_hours', window_hours: 24, threshold: 3.5 };
    const [seed] = await scene.sql<{ avg: string }>(
      'select avg_response_hours as avg, total_leads from check_response_time_sla($1)',
      [scene.now],
    );
    expect(seed).toEqual({ avg: '3.83', total_leads: '6' });
    expect(await readings(rule)).toMatchObject([
      { value: expect.closeTo(23 / 6, 9), sample: 6, leads: 5, breaks: true },
    ]);
  });

  test('of the slowest tenth counts those who still wait with their wait so far', async () => {
    await scene.leads(...times(9, { hoursAgo: 20, ...met(0.1) }), { hoursAgo: 10 });
    const rule = { metric: 'p90_response_minutes', window_hours: 24, threshold: 60 };
    // Between the ninth of 6 minutes and the tenth of 600, a tenth of the way.
    expect(await readings(rule)).toMatchObject([
      { value: expect.closeTo(65.4, 9), sample: 10, leads: 1, breaks: true },
    ]);
  });

  test('of attainment is of the leads that were due in the window', async () => {
    const due = { dueAfterHours: 2 };
    await scene.leads(
      { hoursAgo: 20, ...due, ...met(1) },
      { hoursAgo: 20, ...due, ...met(2) },
      { hoursAgo: 20, ...due, ...met(3) },
      { hoursAgo: 20, ...due },
      // Excused, pending, and due before the window.
      { hoursAgo: 20, ...due, ...met(1, 'dead') },
      { hoursAgo: 1, ...due },
      { hoursAgo: 27, ...due },
    );
    const rule = { metric: 'sla_attainment', window_hours: 24, threshold: 60 };
    expect(await readings(rule)).toMatchObject([{ value: 50, sample: 4, leads: 2, breaks: true }]);
  });

  test('of what is overdue goes on until someone answers, or it is dead', async () => {
    const due = { dueAfterHours: 1 };
    await scene.leads(
      { hoursAgo: 25, ...due },
      { hoursAgo: 25 * 24, ...due },
      { hoursAgo: 25, ...due, ...met(3) },
      { hoursAgo: 25, ...due, ...met(3, 'dead') },
      { hoursAgo: 0.5, ...due },
      { hoursAgo: 25 },
    );
    const rule = { metric: 'breached_leads' };
    expect(await readings(rule)).toMatchObject([{ value: 2, leads: 2, breaks: true }]);
  });

  test('of what is overdue has who is alive again and was never called by a person', async () => {
    const history = [
      ['contacted', 0.5],
      ['dead', 2],
      ['contacted', 3],
    ] as const;
    await scene.leads({ hoursAgo: 25, dueAfterHours: 1, events: history });
    await scene.sql('update leads set sla_human_only = true');
    await scene.sql(`update lead_events set event_source = 'automation'`);
    const rule = { metric: 'breached_leads', threshold: 0 };
    expect(await readings(rule)).toMatchObject([{ leads: 1, breaks: true }]);
    await scene.sql(
      `insert into lead_events (lead_id, event_type, event_source, created_at, recorded_at)
       select id, 'dead', 'agent', $1, $1 from leads`,
      [scene.now],
    );
    const [dead] = await scene.sql('select leads::integer from alert_readings($1)', [scene.now]);
    expect(dead).toEqual({ leads: 0 });
  });

  test('of nobody who waits is none, which is well', async () => {
    await scene.leads({ hoursAgo: 25, ...met(1) });
    const rule = { metric: 'oldest_waiting_minutes' };
    expect(await readings(rule)).toMatchObject([{ value: 0, leads: 0, recovers: true }]);
  });

  test('of the contact rate leaves out whose first day is not over', async () => {
    await scene.leads(
      ...times(3, { hoursAgo: 30, ...met(2) }),
      { hoursAgo: 30, ...met(20, 'offer_made') },
      { hoursAgo: 30 },
      ...times(9, { hoursAgo: 23 }),
      ...times(9, { hoursAgo: 49 }),
    );
    const rule = { metric: 'contact_rate', window_hours: 24, threshold: 90 };
    expect(await readings(rule)).toMatchObject([{ value: 80, sample: 5, leads: 1, breaks: true }]);
  });

  test('of the conversion rate is of leads that came in 30 days ago and more', async () => {
    const old = { hoursAgo: 31 * 24 };
    await scene.leads({ ...old, ...met(200, 'closed') }, ...times(3, old));
    await scene.leads(...times(9, { hoursAgo: 29 * 24 }), ...times(9, { hoursAgo: 61 * 24 }));
    const rule = { metric: 'conversion_rate', window_hours: 720, threshold: 30 };
    expect(await readings(rule)).toMatchObject([{ value: 25, sample: 4, leads: 3, breaks: true }]);
  });

  test('of what came in is none of a source that sent some before', async () => {
    await scene.leads({ hoursAgo: 5, source: 'facebook' }, { hoursAgo: 50, source: 'zillow' });
    await scene.leads({ hoursAgo: 29 * 24, source: 'long-gone' });
    const rule = { metric: 'leads_received', window_hours: 24, split_by: 'source' };
    expect(await readings(rule)).toMatchObject([
      { split_value: 'facebook', value: 1, breaks: false, recovers: true },
      { split_value: 'zillow', value: 0, breaks: true },
    ]);
  });

  test('of silence is of sources with five leads in 28 days', async () => {
    await scene.leads(...times(5, { hoursAgo: 80, source: 'facebook' }));
    await scene.leads(...times(4, { hoursAgo: 80, source: 'fair' }));
    await scene.leads(...times(9, { hoursAgo: 30 * 24, source: 'long-gone' }));
    const rule = { metric: 'source_silence_hours', split_by: 'source', threshold: 72 };
    expect(await readings(rule)).toMatchObject([
      { split_value: 'facebook', value: 80, sample: 5, breaks: true },
      { split_value: 'fair', value: 80, sample: 4, breaks: false },
    ]);
  });
});

describe('a rule', () => {
  test('is split by agent, and nobody is one', async () => {
    const agentId = await scene.addAgent();
    await scene.leads({ hoursAgo: 3, agentId }, { hoursAgo: 9, agentId }, { hoursAgo: 2 });
    const rule = { metric: 'oldest_waiting_minutes', split_by: 'agent', threshold: 180 };
    expect(await readings(rule)).toMatchObject(
      [
        { split_value: agentId, value: 540, sample: 2, leads: 1, breaks: true },
        { split_value: 'none', value: 120, sample: 1, leads: 0, breaks: false },
      ].sort((a, b) => (a.split_value < b.split_value ? -1 : 1)),
    );
  });

  test('of one source, split by agent, reads that source alone; a blank one too', async () => {
    const agentId = await scene.addAgent();
    await scene.leads({ hoursAgo: 3, agentId, source: '' }, { hoursAgo: 9, agentId });
    const rule = { metric: 'oldest_waiting_minutes', source: '', split_by: 'agent' };
    expect(await readings(rule)).toMatchObject([{ split_value: agentId, value: 180, sample: 1 }]);
  });

  test('neither breaks nor recovers with too little to tell', async () => {
    await scene.leads(...times(4, { hoursAgo: 5 }));
    const rule = { metric: 'avg_response_hours', window_hours: 24, minimum_leads: 5 };
    expect(await readings(rule)).toMatchObject([{ value: 5, breaks: false, recovers: false }]);
    await scene.sql('update alert_rules set threshold = 9 where active');
    const [still] = await scene.sql('select breaks, recovers from alert_readings($1)', [scene.now]);
    expect(still).toEqual({ breaks: false, recovers: false });
  });

  test('between its thresholds does neither, on either side', async () => {
    await scene.leads(...times(5, { hoursAgo: 5 }));
    const above = { metric: 'avg_response_hours', window_hours: 24, threshold: 6 };
    const [waits] = await readings({ ...above, recover_threshold: 4 });
    expect(waits).toMatchObject({ breaks: false, recovers: false });
    const below = { name: 'other', metric: 'leads_received', window_hours: 24, threshold: 4 };
    const [came] = await readings({ ...below, recover_threshold: 6 });
    expect(came).toMatchObject({ value: 5, breaks: false, recovers: false });
  });
});

test('leads that nobody asks about enter no metric', async () => {
  await scene.leads({ hoursAgo: 40, dueAfterHours: 1, source: 'real' });
  const out: Partial<SceneLead>[] = [
    { isTest: true },
    { isDuplicate: true },
    { recordedAfterHours: 25 },
  ];
  for (const one of out) {
    await scene.leads(...times(6, { hoursAgo: 30, dueAfterHours: 1, source: 'not', ...one }));
  }
  const split = { split_by: 'source' };
  const rules = [
    { metric: 'avg_response_hours', window_hours: 48 },
    { metric: 'p90_response_minutes', window_hours: 48 },
    { metric: 'sla_attainment', window_hours: 48 },
    { metric: 'breached_leads' },
    { metric: 'oldest_waiting_minutes' },
    { metric: 'contact_rate', window_hours: 48 },
    { metric: 'leads_received', window_hours: 48 },
    { metric: 'source_silence_hours' },
  ];
  for (const [index, rule] of rules.entries()) {
    const read = await readings({ ...rule, ...split, name: `rule-${index}` });
    expect(read, rule.metric).toMatchObject([{ split_value: 'real', sample: 1 }]);
  }
});
