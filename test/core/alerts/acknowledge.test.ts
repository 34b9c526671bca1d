import { describe, expect, test } from 'vitest';
import { oldest, startCheckedScene, times } from './checked-scene.ts';

const { scene, check, told, whole } = await startCheckedScene();

describe('to acknowledge', () => {
  test('says who has it in hand, once, and tells nobody', async () => {
    await scene.leads({ hoursAgo: 25 });
    await check();
    const [{ id }] = await scene.incidents();
    const first = await scene.post(`/v1/incidents/${id}/acknowledge`, {});
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ status: 'acknowledged', transitions: 2 });
    expect(first.body.acknowledged_by).toMatch(/^\w/);
    const again = await scene.post(`/v1/incidents/${id}/acknowledge`, {});
    expect([again.status, again.body]).toEqual([200, first.body]);
    const { history } = await whole(id);
    expect(history[0]).toMatchObject({ transition: 'acknowledged', number: 2, value: 1500 });
    await check(1);
    expect(await told()).toEqual([['opened', 1500]]);
  });

  test('is too late when it is over, and nothing for an id that no incident has', async () => {
    await scene.leads({ hoursAgo: 25, events: [['contacted', 25.5]] });
    await check();
    await check(1);
    const [{ id }] = await scene.incidents();
    const late = await scene.post(`/v1/incidents/${id}/acknowledge`, {});
    expect([late.status, late.body.errors[0].code]).toEqual([409, 'incident_not_resolved']);
    const nobody = '/v1/incidents/00000000-0000-4000-8000-000000000000';
    expect((await scene.post(`${nobody}/acknowledge`, {})).status).toBe(404);
    expect((await scene.get(nobody)).status).toBe(404);
  });

  test('and a check at the same time take turns', async () => {
    await scene.leads({ hoursAgo: 25, events: [['contacted', 25.5]] });
    await check();
    const [{ id }] = await scene.incidents();
    const person = await scene.pool.connect();
    await person.query('begin');
    await person.query(`select acknowledge_incident($1, 'bea', $2)`, [id, scene.hoursLater(0.9)]);
    const checking = check(1);
    // Until the check waits for the incident.
    for (;;) {
      const waiting = await scene.sql(
        `select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting.length > 0) break;
    }
    await person.query('commit');
    person.release();
    expect(await checking).toMatchObject({ broken: 0 });
    const { history } = await whole(id);
    expect(history.map(({ transition }: { transition: string }) => transition)).toEqual([
      'resolved',
      'acknowledged',
      'opened',
    ]);
  });

  test('by two at once is one of them', async () => {
    await scene.leads({ hoursAgo: 25 });
    await check();
    const [{ id }] = await scene.incidents();
    const answers = await Promise.all(
      times(4, { hoursAgo: 0 }).map(() => scene.post(`/v1/incidents/${id}/acknowledge`, {})),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await whole(id)).history).toHaveLength(2);
  });
});

test('incidents are listed by status, rule, severity and day, page by page', async () => {
  await scene.onlyRule({ ...oldest, split_by: 'source', severity: 'info' });
  await scene.leads({ hoursAgo: 5, source: 'a', events: [['contacted', 5.5]] });
  await check();
  await scene.leads({ hoursAgo: 5, source: 'b' }, { hoursAgo: 5, source: 'c' });
  await check(1);
  const sources = async (query: string) => {
    const { body } = await scene.get(`/v1/incidents?${query}`);
    return body.items.map(({ source }: { source: string }) => source).sort();
  };
  const [c] = (await scene.get('/v1/incidents?limit=1')).body.items;
  await scene.post(`/v1/incidents/${c.id}/acknowledge`, {});
  const other = c.source === 'c' ? 'b' : 'c';
  expect(await sources('')).toEqual(['a', 'b', 'c']);
  expect(await sources('status=resolved')).toEqual(['a']);
  expect(await sources('status=open')).toEqual([other]);
  expect(await sources('status=acknowledged')).toEqual([c.source]);
  expect(await sources('status=unresolved')).toEqual(['b', 'c']);
  expect(await sources('rule=waits&severity=info')).toEqual(['a', 'b', 'c']);
  expect(await sources('rule=other')).toEqual([]);
  expect(await sources('severity=critical')).toEqual([]);
  expect(await sources('from=2026-03-10&to=2026-03-11')).toEqual(['a', 'b', 'c']);
  expect(await sources('to=2026-03-10')).toEqual([]);
  const first = (await scene.get('/v1/incidents?limit=2')).body;
  expect([first.total, first.items.length]).toEqual([3, 2]);
  const rest = (await scene.get(`/v1/incidents?limit=2&cursor=${first.next_cursor}`)).body;
  expect([rest.items.length, rest.next_cursor]).toEqual([1, null]);
  expect((await scene.get('/v1/incidents?format=csv')).text).toMatch(/^id,status,rule_id,rule,/);
});
