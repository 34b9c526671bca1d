import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseError } from '../../../core/database/errors.ts';
import { databaseProblem } from '../../../core/http/database-problems.ts';
import { startTestMachine } from '../../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const count = async (from: string) => {
  const [row] = await api.sql<{ n: number }>(`select count(*)::int as n from ${from}`);
  return row?.n;
};

describe('an answer that is lost after the commit, so that the SDK sends the write again', () => {
  test('a lead is one lead, with one created event', async () => {
    api.machine.dataApi.cut(1);
    const answer = await api.post('/v1/leads', { source: 'cut' });
    expect(answer.status).toBe(201);
    expect(await count(`leads where source = 'cut'`)).toBe(1);
    expect((await api.get(`/v1/leads/${answer.body.id}/events`)).body.total).toBe(1);
  });

  test('an event is one event', async () => {
    const lead = (await api.post('/v1/leads', { source: 'events' })).body.id;
    api.machine.dataApi.cut(1);
    const call = { event_type: 'contacted', event_source: 'agent' };
    expect((await api.post(`/v1/leads/${lead}/events`, call)).status).toBe(201);
    expect((await api.get(`/v1/leads/${lead}/events`)).body.total).toBe(2);
  });

  test('a correction writes its events once', async () => {
    const lead = (await api.post('/v1/leads', { source: 'patched' })).body.id;
    api.machine.dataApi.cut(1);
    const change = { stage: 'closed', value: '900.00', quality_score: 'A' };
    expect((await api.patch(`/v1/leads/${lead}`, change)).body.conversion_value).toBe('900.00');
    expect((await api.get(`/v1/leads/${lead}/events`)).body.total).toBe(3);
  });

  test('an agent is one agent, and a skill is no conflict with itself', async () => {
    api.machine.dataApi.cut(1);
    const agent = await api.post('/v1/agents', { first_name: 'Cut', last_name: 'Off' });
    expect([agent.status, await count(`agent_profiles where first_name = 'Cut'`)]).toEqual([
      201, 1,
    ]);
    api.machine.dataApi.cut(1);
    expect((await api.post('/v1/skills', { name: 'cut-off' })).status).toBe(201);
    expect((await api.post('/v1/skills', { name: 'cut-off' })).status).toBe(409);
  });
});

test('a database that is waking up is a 503 that says when to come again', async () => {
  api.machine.dataApi.resume({ calls: 1 });
  const answer = await api.get('/v1/leads');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await api.get('/v1/leads')).status).toBe(200);
});

test('a deadlock is tried again, and the caller does not hear of it', async () => {
  const agents = await Promise.all(
    ['Ada', 'Bo'].map((first_name) => api.post('/v1/agents', { first_name, last_name: 'Lock' })),
  );
  const [from = '', to = ''] = agents.map((answer) => answer.body.id);
  const leads = [];
  for (let n = 0; n < 2; n++) {
    leads.push((await api.post('/v1/leads', { source: 'locks', agent_id: from })).body.id);
  }
  const [first, second] = leads.toSorted();
  const other = new pg.Client(api.databaseUrl);
  await other.connect();
  try {
    // Ours looks for a deadlock after a second, this one only after a minute: ours is the victim.
    await other.query(`set deadlock_timeout = '60s'`);
    await other.query('begin');
    await other.query('select from leads where id = $1 for update', [second]);
    const handed = api.patch(`/v1/agents/${from}`, { active: false, reassign_to: to });
    await waitsForLock();
    await other.query('select from leads where id = $1 for update', [first]);
    await other.query('commit');
    expect((await handed).body.open_leads).toBe(0);
  } finally {
    await other.end();
  }
  expect(await count(`lead_events where agent_id = '${to}'`)).toBe(2);
});

/** Until the product's statement waits for the lock that the test holds. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    const ours = `pg_stat_activity where datname = current_database()`;
    if (await count(`${ours} and wait_event_type = 'Lock'`)) return;
  }
}

describe('what went wrong, and what the caller hears', () => {
  const sql = (state: string, text = 'ERROR: no') => [
    'DatabaseErrorException',
    `${text}; SQLState: ${state}`,
  ];
  test.each([
    ['a broken rule', sql('23514', 'violates check constraint "leads_notes_size"'), 422],
    ['a second one of its kind', sql('23505'), 409],
    ['a deadlock too often', sql('40P01'), 503],
    ['a function made anew meanwhile', sql('XX000', 'cache lookup failed for function 1'), 503],
    ['a password that rotates', sql('28P01'), 503],
    ['a failover', sql('25006'), 503],
    ['a server that goes down', sql('57P01'), 503],
    ['our own wrong SQL', sql('42703'), 500],
    ['our own wrong call', ['ValidationException', 'no'], 500],
    ['a lost connection', ['TimeoutError', 'socket hang up'], 503],
    ['an answer too large', ['UnsupportedResultException', 'exceeds the size limit 1 MB.'], 400],
    ['a state that a user wrote', ['DatabaseErrorException', 'no; SQLState: 23505 said Bob'], 503],
  ])('%s', (_what, [name = '', message = ''], status) => {
    const error = Object.assign(new Error(message), { name });
    expect(databaseProblem(databaseError(error)).status).toBe(status);
  });
});
