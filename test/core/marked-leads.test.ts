import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

let source: string;
let sources = 0;
beforeEach(() => {
  sources += 1;
  source = `marks ${sources}`;
});

const take = (body: object = {}) => api.take({ source, ...body });
const mark = (id: string, body: object) => api.patch(`/v1/leads/${id}`, body);

/** How many leads of the source a report counts, and how many it says it left out. */
async function counted() {
  const path = `/v1/reports/executive-summary?source=${encodeURIComponent(source)}`;
  const { rows, excluded } = (await api.get(path)).body;
  const list = await api.get(`/v1/leads?source=${encodeURIComponent(source)}`);
  expect(list.body.total).toBe(rows[0].total_leads);
  return { counted: rows[0].total_leads, ...excluded };
}

describe('a lead is marked', () => {
  test('as a test and back: reports leave it out, say so, and count it again', async () => {
    const id = await take();
    await mark(id, { is_test: true });
    expect(await counted()).toEqual({ counted: 0, test: 1, duplicate: 0 });
    await mark(id, { is_test: false });
    expect(await counted()).toEqual({ counted: 1, test: 0, duplicate: 0 });
    const { body } = await api.get(`/v1/corrections?lead_id=${id}`);
    const left = body.items.map((one: { before: object }) => one.before);
    expect(left).toEqual([{ is_test: true }, { is_test: false }]);
  });

  test('as a duplicate of a lead, of another one, and back', async () => {
    const [first, second, id] = [await take(), await take(), await take()];
    for (const duplicate_of of [first, second]) {
      expect((await mark(id, { duplicate_of })).body.duplicate_of).toBe(duplicate_of);
      expect(await counted()).toEqual({ counted: 2, test: 0, duplicate: 1 });
    }
    await mark(id, { duplicate_of: null });
    expect(await counted()).toEqual({ counted: 3, test: 0, duplicate: 0 });
    const { body } = await api.get(`/v1/corrections?lead_id=${id}`);
    const left = body.items.map((one: { before: object }) => one.before);
    expect(left).toEqual([
      { duplicate_of: second },
      { duplicate_of: first },
      { duplicate_of: null },
    ]);
  });

  test('as both is left out once, as a test', async () => {
    const [original, id] = [await take(), await take()];
    await mark(id, { is_test: true, duplicate_of: original });
    expect(await counted()).toEqual({ counted: 1, test: 1, duplicate: 0 });
  });

  test('as a test although it has duplicates: they stay out with it', async () => {
    const original = await take();
    const duplicate = await take({ duplicate_of: original });
    await mark(original, { is_test: true });
    expect(await counted()).toEqual({ counted: 0, test: 1, duplicate: 1 });
    // Somebody real after all: taken out of the circle, it counts.
    await mark(duplicate, { duplicate_of: null });
    expect(await counted()).toEqual({ counted: 1, test: 1, duplicate: 0 });
  });

  test('a duplicate takes its sale out of the money, the original keeps its own', async () => {
    const [original, id] = [await take(), await take()];
    await mark(original, { stage: 'closed', value: '100' });
    await mark(id, { stage: 'closed', value: '100' });
    const revenue = async () => {
      const path = `/v1/reports/executive-summary?source=${encodeURIComponent(source)}`;
      return (await api.get(path)).body.rows[0].total_revenue;
    };
    expect(await revenue()).toBe('200.00');
    await mark(id, { duplicate_of: original });
    expect(await revenue()).toBe('100.00');
  });
});

test('the duplicates of a lead are found, and go to another original with it', async () => {
  const [best, original] = [await take(), await take()];
  const duplicates = [
    await take({ duplicate_of: original }),
    await take({ duplicate_of: original, is_test: true }),
  ];
  const found = (await api.get(`/v1/leads?duplicate_of=${original}`)).body.items;
  expect(found.map((lead: { id: string }) => lead.id).toSorted()).toEqual(duplicates.toSorted());
  for (const id of [...duplicates, original]) {
    expect((await mark(id, { duplicate_of: best })).status).toBe(200);
  }
  expect(await counted()).toEqual({ counted: 1, test: 1, duplicate: 2 });
});

describe('a duplicate is refused', () => {
  test('of itself, of a duplicate, of nobody, and where it has duplicates', async () => {
    const original = await take();
    const duplicate = await take({ duplicate_of: original });
    const [alone, nobody] = [await take(), '00000000-0000-4000-8000-00000000000f'];
    const before = await counted();
    for (const [id, duplicate_of, code] of [
      [alone, alone, 'leads_duplicate_of_another'],
      [alone, duplicate, 'leads_duplicate_of_original'],
      [alone, nobody, 'leads_duplicate_of_fkey'],
      [original, alone, 'leads_duplicate_of_original'],
      [original, duplicate, 'leads_duplicate_of_original'],
    ] as const) {
      const { status, body } = await mark(id, { duplicate_of, notes: 'x' });
      expect([status, body.errors?.[0]]).toMatchObject([422, { code, pointer: '/duplicate_of' }]);
    }
    expect(await counted()).toEqual(before);
    for (const id of [alone, original]) {
      expect((await api.get(`/v1/corrections?lead_id=${id}`)).body.total).toBe(0);
    }
  });

  test('of a lead of another source, by a key of one', async () => {
    const [id, other] = [await take(), await api.take({ source: 'elsewhere' })];
    const headers = {
      authorization: `Bearer ${await api.keyWith(['leads:write'], source)}`,
      'content-type': 'application/json',
    };
    const send = (lead: string, body: object) =>
      api.send('PATCH', `/v1/leads/${lead}`, { headers, body: JSON.stringify(body) });
    const refused = await send(id, { duplicate_of: other });
    expect([refused.status, refused.body.errors?.[0].code]).toEqual([
      422,
      'leads_duplicate_of_fkey',
    ]);
    expect((await send(other, { is_test: true })).status).toBe(404);
    expect((await send(id, { duplicate_of: await take() })).status).toBe(200);
  });

  test.each([
    [{ is_test: null }, '/is_test'],
    [{ is_test: 'true' }, '/is_test'],
    [{ duplicate_of: '' }, '/duplicate_of'],
    [{ duplicate_of: 7 }, '/duplicate_of'],
  ])('%j is no mark', async (body, pointer) => {
    const refused = await mark(await take(), body);
    expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([422, pointer]);
  });
});
