import { afterAll, beforeAll, expect, test } from 'vitest';
import { goOn } from '../../demo/go-on.ts';
import { sightsOf } from '../../demo/sights.ts';
import { startDemoMachine } from '../setup/demo.ts';
import { demoEnd, demoYear } from '../setup/demo-year.ts';

const year = demoYear();

let api: Awaited<ReturnType<typeof startDemoMachine>>;
beforeAll(async () => {
  api = await startDemoMachine();
}, 120_000);
afterAll(() => api.close());

test.each(sightsOf(year))('there is something to see at $path', async ({ path }) => {
  const answer = await api.get(`/v1/${path}`);
  expect(answer.status, answer.text).toBe(200);
  expect((answer.body.rows ?? answer.body.items).length).toBeGreaterThan(0);
});

test('leads go on to come in, and what happens to them follows', async () => {
  const started = new Date();
  const stopping = new AbortController();
  const happened: string[] = [];
  await goOn({
    address: api,
    year,
    end: demoEnd,
    signal: stopping.signal,
    faster: 1e6,
    refused: (error) => happened.push(error.message),
    tell(kind) {
      happened.push(kind);
      if (happened.length === 120) stopping.abort();
    },
  });
  expect(new Set(happened)).toEqual(new Set(['lead', 'event']));
  const leads = happened.filter((kind) => kind === 'lead').length;
  const fresh = await api.sql(
    'select first_assigned_at, first_contacted_at from leads where created_at >= $1',
    [started],
  );
  expect(fresh.length).toBe(leads);
  expect(fresh.filter((lead) => lead.first_assigned_at).length).toBeGreaterThan(leads / 2);
  expect(fresh.filter((lead) => lead.first_contacted_at).length).toBeGreaterThan(leads / 4);
});

test('what is refused is told of, and the rest happens', async () => {
  const stopping = new AbortController();
  const told: string[] = [];
  const strangers = { ...year, leads: year.leads.map((lead) => ({ ...lead, agent_id: 'nobody' })) };
  await goOn({
    address: api,
    year: strangers,
    end: demoEnd + 20 * 86_400_000,
    signal: stopping.signal,
    faster: 1e6,
    refused(error) {
      told.push(error.message);
      stopping.abort();
    },
  });
  expect(told).toEqual([expect.stringContaining('/v1/leads/batch refused an item')]);
});
