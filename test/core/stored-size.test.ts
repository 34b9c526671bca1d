import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedBytes } from '../../core/http/stored-size.ts';
import { leadBytes, refuseImpossibleLead } from '../../core/leads/limits.ts';
import { anyJson, anyObject, anyText } from '../setup/any-input.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;

beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

/** As PostgreSQL stores each of them. */
async function sizesOf(values: unknown[]): Promise<number[]> {
  const rows = await api.sql<{ bytes: number }>(
    `select octet_length(v.value::text) as bytes
     from jsonb_array_elements($1::jsonb) with ordinality as v
     order by v.ordinality`,
    [JSON.stringify(values)],
  );
  return rows.map(({ bytes }) => bytes);
}

describe('the size of JSON as PostgreSQL prints it is known before', () => {
  test('of any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyJson, { minLength: 100, maxLength: 200 }), async (values) => {
        expect(values.map(storedBytes)).toEqual(await sizesOf(values));
      }),
      { numRuns: 30 },
    );
  });

  test('of any number', async () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.tuple(fc.integer(), fc.integer({ min: -330, max: 300 })).map(([n, e]) => n * 10 ** e),
      fc.constantFrom(0, -0, 1e21, -1e21, 1e20, 1.5e300, 1e-6, 1e-7, 1.25e-9, Number.MIN_VALUE),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 500, maxLength: 500 }), async (numbers) => {
        expect(numbers.map(storedBytes)).toEqual(await sizesOf(numbers));
      }),
      { numRuns: 10 },
    );
  });
});

test('how large any lead is answered is known before', async () => {
  const agent_external_id = 'bea';
  await api.addAgent({ external_id: agent_external_id });
  const body = fc.record(
    {
      source: anyText(40).filter((text) => text.length > 0),
      first_name: fc.option(anyText(50)),
      email: fc.constantFrom(' Ann@Example.com', 'no address', null),
      phone: fc.constantFrom('(212) 555-2368', '0', null),
      estimated_value: fc.constantFrom(0, 12.5, '450000', '00001.10', '999999999999.99', null),
      is_test: fc.boolean(),
      agent_external_id: fc.constantFrom(agent_external_id, null),
      raw_data: anyObject,
      notes: anyText(50),
      quality_score: fc.constant('B'),
      qualification_reason: anyObject,
    },
    { requiredKeys: ['source', 'quality_score'] },
  );
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const { status, body: lead, text } = await api.post('/v1/leads', given);
      expect(status, text).toBe(201);
      const [row] = await api.sql<{ bytes: number }>(
        `select octet_length(j.lead::text) - sum(octet_length((j.lead -> c.name)::text)) as bytes
         from leads l
         cross join lateral (select lead_json(l, null, now())) as j (lead)
         cross join unnest(array['sla_policy_id', 'sla_due_at', 'sla_state', 'experiments'])
           as c (name)
         where l.id = $1
         group by j.lead::text`,
        [lead.id],
      );
      const { agent_external_id } = given;
      expect(leadBytes({ ...lead, ...given, source: lead.source, agent_external_id })).toBe(
        Number(row?.bytes),
      );
    }),
    { numRuns: 200 },
  );
});

test('the largest lead is as large in SQL, and can be read once it is scored', async () => {
  const raw_data = { a: 'x'.repeat(32_000) };
  const lead = (bytes: number) => ({ source: 'x', raw_data, notes: odd + 'n'.repeat(bytes) });
  const odd = '\u0001'.repeat(3_000);
  const empty = leadBytes({ ...lead(0), id: '00000000-0000-4000-8000-000000000000' });
  const most = 52 * 1024 - empty + 'null'.length;

  // In as many experiments as can be, with the longest names.
  for (let n = 0; n < 10; n += 1) {
    const name = `${n}${'é'.repeat(59)}`;
    const skill = await api.post('/v1/skills', { name: `${n}${'s'.repeat(99)}` });
    const plan = { name, primary_metric: 'response_rate', skill_id: skill.body.id };
    const experiment = await api.post('/v1/experiments', plan);
    await api.post(`/v1/experiments/${experiment.body.id}/start`, {});
  }
  const { body, status, text } = await api.post('/v1/leads', lead(most));
  expect(status, text).toBe(201);
  const before = api.machine.dataApi.calls();
  const larger = await api.post('/v1/leads', lead(most + 1));
  expect([larger.status, larger.body.errors[0].code]).toEqual([422, 'leads_size']);
  expect(api.machine.dataApi.calls()).toBe(before);
  const [row] = await api.sql(
    `select w.violated from write_items('leads', jsonb_build_array($1::jsonb), now()) as w`,
    [
      JSON.stringify({
        ...lead(most + 1),
        id: crypto.randomUUID(),
        event_source: 'import',
        index: 0,
      }),
    ],
  );
  expect(row).toEqual({ violated: 'leads_size' });

  const qualification_reason = { a: 'r'.repeat(8_120) };
  const scored = await api.post(`/v1/leads/${body.id}/events`, {
    event_type: 'scored',
    event_source: 'agent',
    details: { quality_score: 'A', qualification_reason },
  });
  expect(scored.status, scored.text).toBe(201);
  expect(body.experiments).toHaveLength(10);
  expect((await api.get(`/v1/leads/${body.id}`)).body).toMatchObject({ qualification_reason });
  expect((await api.patch(`/v1/leads/${body.id}`, { first_name: null })).status).toBe(200);
});

test('whether any moment is too late is known before', async () => {
  const second = fc.integer({ min: 0, max: 59 });
  const fraction = fc.oneof(
    fc.constantFrom('', '.5', '.500', '.5000001', '.500001', '.5001', '.499999', '.500000'),
    fc.stringMatching(/^\.\d{1,9}$/),
  );
  const moment = fc
    .tuple(second, fraction, fc.constantFrom('Z', '+00:00', '-00:00'))
    .map(([s, part, zone]) => `2026-03-01T10:05:${String(s).padStart(2, '0')}${part}${zone}`)
    // As the fields give it: cut to the microsecond.
    .map((text) => text.replace(/(\.\d{6})\d+/, '$1'));
  const now = fc
    .integer({ min: 0, max: 59_999 })
    .map((ms) => new Date(Date.UTC(2026, 2, 1, 10) + ms));
  const near = fc.tuple(moment, fc.oneof(now, fc.constant(null))).map(([text, at]) => ({
    text,
    at: at ?? new Date(Date.parse(text) - 5 * 60_000),
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(near, { minLength: 300, maxLength: 300 }), async (pairs) => {
      const rows = await api.sql<{ late: boolean }>(
        `select p.text > p.at + interval '5 minutes' as late
         from jsonb_to_recordset($1::jsonb) as p (text timestamptz, at timestamptz)`,
        [JSON.stringify(pairs)],
      );
      expect(pairs.map(isRefused)).toEqual(rows.map(({ late }) => late));
    }),
    { numRuns: 20 },
  );
});

function isRefused({ text, at }: { text: string; at: Date }): boolean {
  try {
    refuseImpossibleLead({ id: 'x', source: 'x', created_at: text }, at.toISOString());
    return false;
  } catch {
    return true;
  }
}
