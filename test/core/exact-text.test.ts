import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyObject, anyText } from '../setup/any-input.ts';
import { exportOf, readExport } from '../setup/exports.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;

beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

/** With what a spreadsheet, a shell and a template would take for more than text in front. */
const text = (length: number) =>
  fc
    .tuple(
      fc.constantFrom('', '=', '+', '-', '@', '＝', '\t', '\r', '\n', "'", "'=", '"'),
      anyText(30),
    )
    .map(([first, rest]) => (first + rest).slice(0, length).toWellFormed());
const externalId = text(30).filter((given) => given !== '');

const said = {
  first_name: text(200),
  last_name: text(200),
  email: text(320),
  phone: text(50),
  property_address: text(500),
  property_city: text(200),
  property_zip: text(20),
  utm_campaign: text(200),
  referrer_url: text(2000),
  notes: text(8000),
};
const lead = fc.record({ ...said, external_id: externalId, raw_data: anyObject });
const event = fc.record({ external_id: externalId, details: anyObject });
const agent = fc.record({ external_id: externalId, team: text(200), email: text(320) });
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** The exported row of an id. */
async function exportedRow(kind: string, id: string) {
  const rows = readExport(await exportOf(api, `/v1/${kind}`));
  return rows.find((row) => row.id === id);
}

describe('text comes back byte for byte', () => {
  test('of a lead: taken, corrected, shown, listed, exported', async () => {
    await fc.assert(
      fc.asyncProperty(lead, fc.record(said, { requiredKeys: [] }), async (given, changes) => {
        await api.sql('truncate leads cascade');
        const taken = await api.post('/v1/leads', { ...given, source: 'x' });
        expect(taken.status, taken.text).toBe(201);
        expect(taken.body).toMatchObject(plain(given));
        const { id } = taken.body;
        if (Object.keys(changes).length > 0) {
          const changed = await api.patch(`/v1/leads/${id}`, changes);
          expect(changed.body).toMatchObject(changes);
        }
        const now = { ...given, ...changes };
        const { raw_data, notes, ...listed } = now;
        const shown = await api.get(`/v1/leads/${id}`);
        expect(shown.body).toMatchObject({ ...listed, notes });
        expect(shown.body.raw_data).toEqual(plain(raw_data));
        expect((await api.get('/v1/leads')).body.items[0]).toMatchObject(listed);
        expect(await exportedRow('leads', id)).toMatchObject({ ...listed, notes });
      }),
      { numRuns: 60 },
    );
  });

  test('of an event and of an agent', async () => {
    await fc.assert(
      fc.asyncProperty(event, agent, async (happened, person) => {
        await api.sql('truncate leads, agent_profiles cascade');
        const id = await api.take();
        const kept = { event_type: 'contacted', event_source: 'agent', ...happened };
        const recorded = await api.post(`/v1/leads/${id}/events`, kept);
        expect(recorded.body).toMatchObject({ external_id: happened.external_id });
        expect(recorded.body.details).toEqual(plain(happened.details));
        const row = await exportedRow('events', recorded.body.id);
        expect(row?.external_id).toBe(happened.external_id);
        expect(JSON.parse(row?.details ?? '')).toEqual(plain(happened.details));

        const added = await api.post('/v1/agents', { first_name: 'A', last_name: 'B', ...person });
        expect(added.body).toMatchObject(person);
        expect(await exportedRow('agents', added.body.id)).toMatchObject(person);
      }),
      { numRuns: 40 },
    );
  });
});
