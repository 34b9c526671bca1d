import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

const march = 'from=2026-03-01&to=2026-04-01';
let source: string;
let lead: string;
let bea: string;
let sale: string;
let leads = 0;

/** One lead of a source of its own, Bea's, sold on 5 March. */
beforeEach(async () => {
  leads += 1;
  source = `sales ${leads}`;
  bea = await api.addAgent();
  lead = await api.take({ source, agent_id: bea, created_at: '2026-03-02T12:00:00Z' });
  sale = await record(lead, { event_type: 'closed', value: '125000', external_id: 'deal-7' });
});

/** Records an event of 5 March; its id. */
async function record(id: string, event: object): Promise<string> {
  const created_at = '2026-03-05T12:00:00Z';
  const body = { event_source: 'import', created_at, ...event };
  const recorded = await api.post(`/v1/leads/${id}/events`, body);
  expect(recorded.status, recorded.text).toBe(201);
  return recorded.body.id;
}

const takeBack = (id: string) =>
  api.post(`/v1/events/${id}/void`, { by: 'Bea', reason: 'a wrong sale' });

/** Conversions and revenue of the source, on which all reports agree. */
async function sold(more = '', of = source): Promise<[number, string | null]> {
  await api.sql('refresh materialized view lead_metrics');
  const rows = async (report: string, own = more) => {
    const path = `/v1/reports/${report}?${march}&source=${encodeURIComponent(of)}${own}`;
    return (await api.get(path)).body.rows;
  };
  const [{ conversions, total_revenue }] = await rows('executive-summary');
  const [row] = await rows('lead-source-performance');
  expect([row?.conversions ?? 0, row?.total_revenue ?? null]).toEqual([conversions, total_revenue]);
  const days = await rows('trend');
  expect(days.reduce((sum: number, day: Row) => sum + day.converted_leads, 0)).toBe(conversions);
  expect(added(days)).toBe(Number(total_revenue));
  expect(added(await rows('agent-performance'))).toBe(Number(total_revenue));
  // The view knows neither another moment nor another basis.
  if (more === '') expect(added(await rows('lead-metrics', ''))).toBe(Number(total_revenue));
  return [conversions, total_revenue];
}

interface Row {
  converted_leads: number;
  total_revenue: string | null;
}

const added = (rows: Row[]) => rows.reduce((sum, row) => sum + Number(row.total_revenue), 0);

describe('a sale of a wrong value', () => {
  test('gets the right one by PATCH, and stays on its day', async () => {
    expect(await sold()).toEqual([1, '125000.00']);
    const fixed = await api.patch(`/v1/leads/${lead}`, { stage: 'closed', value: '12500' });
    expect(fixed.body).toMatchObject({
      conversion_value: '12500.00',
      converted_at: '2026-03-05T12:00:00.000000Z',
    });
    expect(await sold()).toEqual([1, '12500.00']);
    expect(await sold('&basis=converted')).toEqual([1, '12500.00']);
    // Who looks back to a moment before sees what stood there then.
    expect(await sold('&as_of=2026-03-10T00:00:00Z')).toEqual([1, '125000.00']);
  });

  test('taken back and recorded again is right looking back, too', async () => {
    await takeBack(sale);
    expect(await sold()).toEqual([0, null]);
    await record(lead, { event_type: 'closed', value: '12500', external_id: 'deal-7b' });
    expect(await sold()).toEqual([1, '12500.00']);
    expect(await sold('&as_of=2026-03-10T00:00:00Z')).toEqual([1, '12500.00']);
  });

  test('can be worth nothing, and not known', async () => {
    await api.patch(`/v1/leads/${lead}`, { stage: 'closed', value: 0 });
    expect(await sold()).toEqual([1, '0.00']);
    const [zero] = (await api.get(`/v1/leads/${lead}/events`)).body.items;
    for (const id of [zero.id, sale]) await takeBack(id);
    await record(lead, { event_type: 'closed' });
    expect(await sold()).toEqual([1, null]);
  });
});

test('a sale on the wrong lead goes to the right one', async () => {
  const elsewhere = `${source}, the right one`;
  const right = await api.take({ source: elsewhere, created_at: '2026-03-03T12:00:00Z' });
  await takeBack(sale);
  await record(right, { event_type: 'closed', value: '125000', external_id: 'deal-7' });
  expect(await sold()).toEqual([0, null]);
  expect(await sold('', elsewhere)).toEqual([1, '125000.00']);
  const { body } = await api.get(`/v1/leads/${lead}`);
  expect(body).toMatchObject({ current_stage: 'new', converted: false, closed_at: null });
});

test('a sale of a wrong agent goes to the right one', async () => {
  const cal = await api.addAgent({ first_name: 'Cal' });
  await api.patch(`/v1/leads/${lead}`, { agent_id: cal });
  expect(await sold(`&agent_id=${bea}`)).toEqual([0, null]);
  expect(await sold(`&agent_id=${cal}`)).toEqual([1, '125000.00']);
});

test('a sale of a wrong day is recorded again on the right one', async () => {
  await takeBack(sale);
  const right = { event_type: 'closed', value: '125000', created_at: '2026-04-02T12:00:00Z' };
  // What was taken back keeps its external id: a file that is sent again does not bring it back.
  const body = { event_source: 'import', external_id: 'deal-7', ...right };
  const again = await api.post(`/v1/leads/${lead}/events`, body);
  expect([again.status, again.body.id, again.body.voided_by]).toEqual([200, sale, 'Bea']);
  expect(await sold()).toEqual([0, null]);

  await record(lead, { ...right, external_id: 'deal-7b' });
  expect(await sold()).toEqual([1, '125000.00']);
  expect(await sold('&basis=converted')).toEqual([0, null]);
});

describe('a sale that is none', () => {
  const reached = async () => {
    const path = `/v1/reports/conversion-funnel?${march}&source=${encodeURIComponent(source)}`;
    const rows: Record<string, unknown>[] = (await api.get(path)).body.rows;
    return rows.find((row) => row.current_stage === 'closed')?.reached_count;
  };

  test('because it fell through is dead, and was closed once', async () => {
    const dead = await api.patch(`/v1/leads/${lead}`, { stage: 'dead' });
    expect(dead.body).toMatchObject({ current_stage: 'dead', conversion_value: null });
    expect([await sold(), await reached()]).toEqual([[0, null], 1]);
  });

  test('because it never was is taken back, and never closed', async () => {
    await api.patch(`/v1/leads/${lead}`, { stage: 'dead' });
    await takeBack(sale);
    const { body } = await api.get(`/v1/leads/${lead}`);
    expect(body).toMatchObject({ current_stage: 'dead', closed_at: null });
    expect([await sold(), await reached()]).toEqual([[0, null], 0]);
  });

  test('and died by mistake as well, is sold again as it was', async () => {
    const dead = await record(lead, { event_type: 'dead', created_at: '2026-03-06T12:00:00Z' });
    expect(await sold()).toEqual([0, null]);
    await takeBack(dead);
    expect(await sold()).toEqual([1, '125000.00']);
  });

  test('and was taken back by mistake, is sold again under another external id', async () => {
    const was = (await api.get(`/v1/leads/${lead}`)).body;
    await takeBack(sale);
    await record(lead, { event_type: 'closed', value: '125000', external_id: 'deal-7, again' });
    const { updated_at, events, ...now } = (await api.get(`/v1/leads/${lead}`)).body;
    expect(was).toMatchObject(now);
    expect(await sold()).toEqual([1, '125000.00']);
  });
});

test('an earlier stage is reached by doing what each refusal says', async () => {
  await api.patch(`/v1/leads/${lead}`, { stage: 'closed', value: '90000' });
  await record(lead, { event_type: 'offer_made', created_at: '2026-03-04T12:00:00Z' });
  const said: string[] = [];
  for (;;) {
    const answer = await api.patch(`/v1/leads/${lead}`, { stage: 'qualified' });
    if (answer.status === 200) break;
    expect(answer.status).toBe(409);
    said.push(answer.body.detail);
    const [path = ''] = /\/v1\/events\/[0-9a-f-]+\/void/.exec(answer.body.detail) ?? [];
    expect((await api.post(path, { by: 'Bea', reason: 'never closed' })).status).toBe(200);
  }
  expect(said.map((detail) => /the (\w+) event/.exec(detail)?.[1])).toEqual([
    'closed',
    'closed',
    'offer_made',
  ]);
  expect((await api.get(`/v1/leads/${lead}`)).body.current_stage).toBe('qualified');
  expect(await sold()).toEqual([0, null]);
});
