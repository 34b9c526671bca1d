import { describe, expect, test } from 'vitest';
import { handler } from '../../../functions/check-sla.ts';
import { oldest, startCheckedScene, times } from './checked-scene.ts';

const { scene, check, told, whole } = await startCheckedScene();

describe('an incident', () => {
  test('opens once, holds between the thresholds, and ends past the second', async () => {
    await scene.onlyRule({ ...oldest, threshold: 300, recover_threshold: 60 });
    await scene.leads({ hoursAgo: 6, events: [['contacted', 7.5]] }, { hoursAgo: 0 });
    await check();
    expect(await told()).toEqual([['opened', 360]]);
    await check(1);
    // The first one was called: an hour more than the second threshold of the other is left.
    await check(2);
    expect(await told()).toEqual([]);
    await scene.sql(
      `insert into lead_events (lead_id, event_type, event_source, created_at, recorded_at)
       select id, 'contacted', 'agent', $1, $1 from leads where first_contacted_at is null`,
      [scene.hoursLater(2.5)],
    );
    await check(3);
    expect(await told()).toEqual([['resolved', 0]]);
    await check(4);
    expect(await told()).toEqual([]);
    const [incident, ...more] = await scene.incidents();
    expect([incident, more]).toMatchObject([{ status: 'resolved', transitions: 2 }, []]);
    const { history, lead_ids } = await whole(incident.id);
    expect(history).toMatchObject([
      { number: 2, transition: 'resolved', reason: 'recovered', at: isoAt(3), value: 0 },
      { number: 1, transition: 'opened', reason: null, at: isoAt(0), value: 360, threshold: 300 },
    ]);
    expect(lead_ids).toHaveLength(1);
  });

  test('names the lead nobody touches, after 25 hours and after 25 days', async () => {
    await scene.leads({ hoursAgo: 25 });
    const [lead] = await scene.sql<{ id: string }>('select id from leads');
    await check();
    const [{ id }] = await scene.incidents();
    expect((await whole(id)).lead_ids).toEqual([lead?.id]);
    await scene.leads({ hoursAgo: -1 });
    await check(24 * 24);
    const { lead_ids, leads, value, checked_at } = await whole(id);
    expect(lead_ids[0]).toBe(lead?.id);
    expect([lead_ids.length, leads, value, checked_at]).toEqual([2, 2, 36_060, isoAt(576)]);
    expect(await told()).toEqual([['opened', 1500]]);
  });

  test('keeps with each step who was behind it, open ones past the second threshold', async () => {
    await scene.onlyRule({ ...oldest, threshold: 300, recover_threshold: 60, reminder_hours: 1 });
    await scene.leads({ hoursAgo: 6 }, { hoursAgo: 2 });
    const leads = await scene.sql<{ id: string }>('select id from leads order by created_at');
    const [first, second] = leads.map(({ id }) => id);
    await check();
    await check(1);
    const [{ id }] = await scene.incidents();
    const { history } = await whole(id);
    expect(history).toMatchObject([
      { transition: 'reminded', value: 420, sample: 2, leads: 1, lead_ids: [first, second] },
      { transition: 'opened', value: 360, sample: 2, leads: 1, lead_ids: [first] },
    ]);
  });

  test('names a hundred of more, those that wait longest', async () => {
    await scene.leads(...times(120, { hoursAgo: 26 }), { hoursAgo: 30 });
    await check();
    const [{ id, leads }] = (await scene.incidents()).filter(
      ({ rule }: { rule: string }) => rule === 'oldest-waiting',
    );
    const [first] = await scene.sql<{ id: string }>('select id from leads order by created_at');
    const { lead_ids } = await whole(id);
    expect([leads, lead_ids.length, lead_ids[0]]).toEqual([121, 100, first?.id]);
  });

  test('is one for each source, and comes and goes by itself', async () => {
    await scene.onlyRule({ ...oldest, split_by: 'source' });
    await scene.leads({ hoursAgo: 5, source: 'fb', events: [['contacted', 5.5]] });
    await scene.leads({ hoursAgo: 4, source: '' });
    await check();
    await check(1);
    const received = await scene.received();
    const known = received.map(({ message, attributes }) => [
      message.source,
      message.transition,
      attributes.source,
    ]);
    expect(known.sort()).toEqual([
      ['', 'opened', '(none)'],
      ['fb', 'opened', 'fb'],
      ['fb', 'resolved', 'fb'],
    ]);
  });

  test('is one of a hundred at most of a rule, those with most leads first', async () => {
    await scene.onlyRule({ ...oldest, split_by: 'source' });
    await scene.sql(
      `insert into leads (source, created_at, recorded_at)
       select 's' || least(n, 120), at, at
       from generate_series(1, 121) n cross join (values ($1::timestamptz)) as t (at)`,
      [scene.hoursLater(-3)],
    );
    await check();
    const { total } = (await scene.get('/v1/incidents?status=open')).body;
    const [most] = await scene.sql('select split_value from incidents where leads = 2');
    expect([total, most]).toEqual([100, { split_value: 's120' }]);
    await scene.sql(`delete from leads where source in ('s1', 's10')`);
    await check(1);
    await check(2);
    expect((await scene.get('/v1/incidents?status=open')).body.total).toBe(100);
  });

  test('says whose it is by an id', async () => {
    const agentId = await scene.addAgent();
    await scene.onlyRule({ ...oldest, split_by: 'agent' });
    await scene.leads({ hoursAgo: 5, agentId });
    await check();
    expect(await scene.received()).toMatchObject([
      { message: { agent_id: agentId, source: null }, attributes: { agent_id: agentId } },
    ]);
  });

  test('goes on while there is too little to tell', async () => {
    const rule = { metric: 'avg_response_hours', window_hours: 24, minimum_leads: 5, threshold: 2 };
    await scene.onlyRule({ name: 'average', ...rule });
    await scene.leads(...times(5, { hoursAgo: 20 }));
    await check();
    await check(12);
    expect(await told()).toEqual([['opened', 20]]);
    await scene.leads(...times(5, { hoursAgo: -13, events: [['contacted', 0.1]] }));
    await check(20);
    expect(await told()).toEqual([['resolved', 0.1]]);
  });

  test('of a silent source ends with its first new lead, 40 days later', async () => {
    const rule = { metric: 'source_silence_hours', split_by: 'source', threshold: 72 };
    await scene.onlyRule({ name: 'silence', ...rule });
    await scene.leads(...times(5, { hoursAgo: 80, source: 'fb', events: [['contacted', 0.1]] }));
    await check();
    await check(40 * 24);
    expect(await told()).toEqual([['opened', 80]]);
    await scene.leads({ hoursAgo: -40 * 24 - 0.5, source: 'fb' });
    await check(40 * 24 + 1);
    expect(await told()).toEqual([['resolved', 0.5]]);
  });

  test('reminds as often as its rule says, until somebody has it in hand', async () => {
    const id = await scene.onlyRule({ ...oldest, reminder_hours: 3 });
    await scene.leads({ hoursAgo: 5 });
    for (const hour of [0, 1, 2, 3, 4, 5, 6]) await check(hour);
    expect(await told()).toEqual([
      ['opened', 300],
      ['reminded', 480],
      ['reminded', 660],
    ]);
    const [incident] = await scene.incidents();
    await scene.post(`/v1/incidents/${incident.id}/acknowledge`, {});
    for (const hour of [8, 9, 12]) await check(hour);
    expect(await told()).toEqual([]);
    await scene.patch(`/v1/alert-rules/${id}`, { severity: 'critical' });
    await check(13);
    await check(16);
    expect(await told()).toEqual([
      ['escalated', 1080],
      ['reminded', 1260],
    ]);
  });

  test('is told again when it gets worse, and not when it gets milder', async () => {
    const id = await scene.onlyRule({ ...oldest, severity: 'warning' });
    await scene.leads({ hoursAgo: 5 });
    await check();
    await scene.patch(`/v1/alert-rules/${id}`, { severity: 'critical' });
    await check(1);
    await check(2);
    await scene.patch(`/v1/alert-rules/${id}`, { severity: 'info' });
    await check(3);
    const received = await scene.received();
    expect(received.map(({ message, attributes }) => [message.transition, attributes])).toEqual([
      ['opened', { metric: oldest.metric, severity: 'warning', transition: 'opened' }],
      ['escalated', { metric: oldest.metric, severity: 'critical', transition: 'escalated' }],
    ]);
    expect(await scene.incidents()).toMatchObject([{ severity: 'critical', status: 'open' }]);
  });

  test('ends with its rule, its source or its agent, and says so', async () => {
    const agentId = await scene.addAgent();
    await scene.leads({ hoursAgo: 5, agentId, source: 'wrong' });
    const bySource = await scene.onlyRule({ ...oldest, name: 'by-source', split_by: 'source' });
    const byAgent = await scene.post('/v1/alert-rules', {
      ...oldest,
      name: 'by-agent',
      split_by: 'agent',
    });
    const off = await scene.post('/v1/alert-rules', { ...oldest, name: 'off' });
    await check();
    expect(await told()).toHaveLength(3);
    await scene.patch(`/v1/alert-rules/${off.body.id}`, { active: false });
    await scene.patch(`/v1/agents/${agentId}`, { active: false });
    await scene.sql(`update leads set source = 'right'`);
    await check(1);
    await check(2);
    const received = (await scene.received()).map(({ message }) => [
      message.rule,
      message.transition,
      message.reason,
      message.source,
    ]);
    expect(received.sort()).toEqual([
      ['by-agent', 'resolved', 'agent_gone', null],
      ['by-source', 'opened', null, 'right'],
      ['by-source', 'resolved', 'source_gone', 'wrong'],
      ['off', 'resolved', 'rule_off', null],
    ]);
    expect([bySource, byAgent.status]).toEqual([expect.any(String), 201]);
  });

  test('there is one open for a rule and what it is split by, the database says', async () => {
    await scene.leads({ hoursAgo: 25 });
    await check();
    const again = scene.sql(
      `insert into incidents
       select (jsonb_populate_record(i, jsonb_build_object('id', uuidv7()))).* from incidents i`,
    );
    await expect(again).rejects.toMatchObject({ constraint: 'incidents_one_open' });
  });
});

test('a check that somebody ran ahead of its time holds up none that is due', async () => {
  const hour = 3_600_000;
  const at = (hours: number) =>
    `${new Date(Date.now() + hours * hour).toISOString().slice(0, 19)}Z`;
  await scene.sql(`insert into leads (source, created_at, recorded_at) values ('zillow', $1, $1)`, [
    at(-2),
  ]);
  await handler({ scheduled_at: at(25) }, {} as never);
  await handler({ scheduled_at: at(0) }, {} as never);
  const [incident] = await scene.incidents();
  expect(incident).toMatchObject({ rule: 'oldest-waiting', status: 'resolved', transitions: 2 });
});

function isoAt(hours: number): string {
  return scene.hoursLater(hours).replace('Z', '.000000Z');
}
