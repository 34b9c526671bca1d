import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());
beforeEach(async () => {
  await story.clear();
  await story.seed.copy();
});

const morning = '2025-06-10T09:00:00Z';
const at = (minutes: number) => new Date(Date.parse(morning) + minutes * 60_000).toISOString();

describe('3: what is allowed', () => {
  const leads = (columns: string, values: string) =>
    `insert into leads (source, created_at, ${columns}) values ('zillow', '${morning}', ${values})`;
  const oneLead = `(select id from leads limit 1)`;

  test.each([
    ['any text as a stage', leads('current_stage', `'banana'`), 'leads_current_stage'],
    ['any letter as a score', leads('quality_score', `'Z'`), 'leads_quality_score'],
    ['a value that is no number', leads('estimated_value', `'NaN'`), 'leads_estimated_value'],
    ['a value below nothing', leads('mortgage_balance', '-1'), 'leads_mortgage_balance'],
    ['a conversion without a stage', leads('converted', 'true'), 'leads_converted_at'],
    ['a deal without a conversion', leads('conversion_value', '10'), 'leads_conversion_value'],
    [
      'a conversion in an open stage',
      leads('converted, converted_at, current_stage', `true, '${morning}', 'offer'`),
      'leads_converted_is_closed',
    ],
    [
      'any text as an event type',
      `insert into lead_events (lead_id, event_type, event_source)
       values (${oneLead}, 'teleported', 'agent')`,
      'lead_events_event_type',
    ],
    [
      'any text as a group',
      `insert into lead_experiment_assignments (lead_id, experiment_id, group_name)
       values (${oneLead}, (select id from lead_experiments limit 1), 'placebo')`,
      'lead_experiment_assignments_group_name',
    ],
  ])('the seed takes %s, ours refuses it by name', async (_words, statement, constraint) => {
    await story.api.sql(leads('notes', `'for events and groups'`));
    await story.api.sql(
      `insert into lead_experiments (name, primary_metric) values ('speed', 'response_rate')`,
    );
    await story.seed.copy();
    // The same text on both: the connection decides whose table it is.
    expect((await story.seed.client.query(statement)).rowCount).toBe(1);
    await expect(story.api.sql(statement)).rejects.toMatchObject({ code: '23514', constraint });
  });

  test('so one lead makes the seed report a conversion of NaN; ours answers 422', async () => {
    await story.seed.sql(leads('converted, conversion_value, quality_score', `true, 'NaN', 'Z'`));
    expect(await story.seed.report('executive-summary')).toMatchObject([
      { total_leads: 1, conversions: 1, total_revenue: Number.NaN, a_leads: 0, d_leads: 0 },
    ]);

    const scored = await story.api.post('/v1/leads', { source: 'zillow', quality_score: 'Z' });
    expect(scored).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/quality_score' }] },
    });
    const id = await story.lead(morning);
    const closed = await story.api.post(`/v1/leads/${id}/events`, {
      event_type: 'closed',
      event_source: 'agent',
      value: 'NaN',
    });
    expect(closed).toMatchObject({ status: 422, body: { errors: [{ pointer: '/value' }] } });
    // The lead came in, and was not closed: no conversion, no revenue.
    expect(await story.ours('executive-summary')).toMatchObject([
      { total_leads: 1, conversions: 0, total_revenue: null },
    ]);
  });
});

describe('4: what events do to a lead', () => {
  test('nothing in the seed: a closed lead stays new; ours moves and has its created', async () => {
    // A lead at 09:00, called at 09:05, closed at 11:00 for 10,000: one conversion, stage closed.
    const id = await story.lead(
      morning,
      {},
      ['contacted', 5],
      ['closed', 120, { value: '10000.00' }],
    );
    await story.seed.sql(
      `insert into leads (id, source, created_at) values ($1, 'zillow', '${morning}')`,
      [id],
    );
    await story.seed.sql(
      `insert into lead_events (lead_id, event_type, created_at, details)
       values ($1, 'contacted', $2, null), ($1, 'closed', $3, '{"value": 10000}')`,
      [id, at(5), at(120)],
    );
    const state = 'select current_stage, converted, conversion_value::float8 from leads';
    const types = 'select event_type from lead_events order by created_at';

    expect(await story.seed.sql(state)).toEqual([
      { current_stage: 'new', converted: false, conversion_value: null },
    ]);
    expect(await story.seed.sql(types)).toEqual([
      { event_type: 'contacted' },
      { event_type: 'closed' },
    ]);
    expect(await story.seed.report('executive-summary')).toMatchObject([
      { total_leads: 1, conversions: 0, conversion_rate: 0, total_revenue: null },
    ]);

    expect(await story.api.sql(state)).toEqual([
      { current_stage: 'closed', converted: true, conversion_value: 10_000 },
    ]);
    expect(await story.api.sql(types)).toEqual([
      { event_type: 'created' },
      { event_type: 'contacted' },
      { event_type: 'closed' },
    ]);
    expect(await story.ours('executive-summary')).toMatchObject([
      { total_leads: 1, conversions: 1, conversion_rate: 100, total_revenue: '10000.00' },
    ]);
  });
});

describe('5: a form that posts again', () => {
  test('makes a second lead in the seed, none in ours', async () => {
    const form = {
      source: 'zillow',
      external_id: 'form-1',
      created_at: morning,
      email: 'a@b.example',
    };
    const answers = [
      await story.api.post('/v1/leads', form),
      await story.api.post('/v1/leads', form),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    expect(answers[1]?.body.id).toBe(answers[0]?.body.id);

    // The seed has nowhere to put the form's id but raw_data, and nothing that it breaks.
    const insert = `
      insert into leads (source, created_at, email, raw_data) values ($1, $2, $3, $4)`;
    const values = [form.source, form.created_at, form.email, JSON.stringify(form)];
    await story.seed.sql(insert, values);
    await story.seed.sql(insert, values);

    expect(await story.seed.report('executive-summary')).toMatchObject([{ total_leads: 2 }]);
    expect(await story.ours('executive-summary')).toMatchObject([{ total_leads: 1 }]);
  });
});

describe('6: the time since the event before', () => {
  const minutes = `
    select event_type,
      (extract(epoch from time_since_previous_event) / 60)::float8 as since_previous,
      (extract(epoch from time_since_lead_created) / 60)::float8 as since_created
    from lead_events where event_type <> 'created' order by created_at`;

  test('is −4 hours in the seed for an event that arrives late; ours corrects both', async () => {
    // A lead of 09:00; the meeting of 14:00 arrives first, the call of 10:00 after it. So the call
    // is 60 minutes after `created`, and the meeting 240 after the call. The seed writes 10:00 −
    // 14:00 = −240 for the call, and leaves the meeting at 14:00 − 09:00 = 300.
    await story.lead(morning, {}, ['appointment_scheduled', 300], ['contacted', 60]);
    await story.seed.copy();
    expect(await story.seed.sql(minutes)).toEqual([
      { event_type: 'contacted', since_previous: -240, since_created: 60 },
      { event_type: 'appointment_scheduled', since_previous: 300, since_created: 300 },
    ]);
    expect(await story.api.sql(minutes)).toEqual([
      { event_type: 'contacted', since_previous: 60, since_created: 60 },
      { event_type: 'appointment_scheduled', since_previous: 240, since_created: 300 },
    ]);
  });

  test('is not corrected in the seed when an event turns out to have been earlier', async () => {
    // The call of 10:00 was in truth at 09:30: 30 minutes after the lead, not 60.
    await story.lead(morning, {}, ['contacted', 60]);
    await story.seed.copy();
    const moved = `update lead_events set created_at = '${at(30)}' where event_type = 'contacted'`;
    await story.seed.sql(moved);
    await story.api.sql(moved);
    expect(await story.seed.sql(minutes)).toMatchObject([
      { since_previous: 60, since_created: 60 },
    ]);
    expect(await story.api.sql(minutes)).toMatchObject([{ since_previous: 30, since_created: 30 }]);
  });
});

describe('17: deleting', () => {
  test('a lead rewrites the month in the seed; ours refuses and the month stands', async () => {
    // Two leads, one closed for 10,000: 2, 50 %, 10,000. Without the closed one: 1, 0 %, null.
    const closed = await story.lead(morning, {}, ['closed', 120, { value: '10000.00' }]);
    await story.lead(morning);
    const before = await story.theirs('executive-summary');
    expect(before).toMatchObject([{ total_leads: 2, conversion_rate: 50, total_revenue: 10_000 }]);

    const deletion = `delete from leads where id = '${closed}'`;
    await story.seed.sql(deletion);
    expect(await story.seed.report('executive-summary')).toMatchObject([
      { total_leads: 1, conversion_rate: 0, total_revenue: null },
    ]);
    expect(
      await story.seed.sql('select count(*) as events from lead_events where lead_id = $1', [
        closed,
      ]),
    ).toEqual([{ events: 0 }]);

    await expect(story.api.sql(deletion)).rejects.toMatchObject({
      constraint: 'lead_events_lead_id_fkey',
    });
    expect(await story.ours('executive-summary')).toMatchObject([
      { total_leads: 2, conversion_rate: 50, total_revenue: '10000.00' },
    ]);
  });

  test('an agent who left is impossible in the seed; ours keeps the row, not active', async () => {
    // Ann has one lead, Bo none. Both leave: Ann's month stays hers, Bo's has no row any more.
    const ann = await story.agent('Ann', 'Able');
    const bo = await story.agent('Bo', 'Burr');
    await story.lead(morning, { agent_id: ann });
    await story.seed.copy();
    await expect(
      story.seed.sql('delete from agent_profiles where id = $1', [ann]),
    ).rejects.toMatchObject({ code: '23503' });

    const names = (rows: { agent_name: string }[]) => rows.map(({ agent_name }) => agent_name);
    expect(names(await story.ours('agent-performance'))).toEqual(['Ann Able', 'Bo Burr']);
    for (const id of [ann, bo]) {
      const left = await story.api.patch(`/v1/agents/${id}`, { active: false });
      expect(left).toMatchObject({ status: 200, body: { active: false } });
    }
    expect(names(await story.ours('agent-performance'))).toEqual(['Ann Able']);
  });

  // Later, where erasure is built: a person's fields are emptied in place, and no count moves.
});
