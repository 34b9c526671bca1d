import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

describe('leads are listed', () => {
  test('page by page without a gap or a twin, at equal times too', async () => {
    const created_at = '2026-03-01T12:00:00.000001Z';
    const ids = await Promise.all(
      Array.from({ length: 7 }, () => api.take({ source: 'pages', created_at })),
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${cursor}`;
      const page = await api.get(`/v1/leads?source=Pages&limit=3${next}`);
      expect(page.body.total).toBe(7);
      seen.push(...page.body.items.map((lead: { id: string }) => lead.id));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual(ids.sort().reverse());
  });

  test('a page that would be too large for one answer is cut, and the rest follows', async () => {
    const long = { source: 'large', referrer_url: '\u{1F3E0}'.repeat(1000) };
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) {
      ids.push(...(await Promise.all(Array.from({ length: 65 }, () => api.take(long)))));
    }
    const first = await api.get('/v1/leads?source=large&limit=200');
    expect(first.status).toBe(200);
    expect(first.body.items.length).toBeLessThan(200);
    const rest = await api.get(`/v1/leads?source=large&limit=200&cursor=${first.body.next_cursor}`);
    const seen = [...first.body.items, ...rest.body.items].map((lead) => lead.id);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.every((id) => ids.includes(id))).toBe(true);
    expect(seen.length).toBeGreaterThan(200);
  });

  test('search finds names, e-mail, phone and address, and takes % and _ as they are', async () => {
    const id = await api.take({
      first_name: 'Zo\u00eb',
      last_name: '100%_sure',
      phone: '(415) 555-0177',
      property_address: '12 Long Lane',
    });
    for (const q of ['ZO\u00cb', '100%_s', '+14155550177', 'long lane']) {
      const found = await api.get(`/v1/leads?q=${encodeURIComponent(q)}`);
      expect(found.body.items.map((lead: { id: string }) => lead.id)).toEqual([id]);
    }
    expect((await api.get('/v1/leads?q=100__sure')).body.total).toBe(0);
  });

  test('tests and duplicates are left out until they are asked for', async () => {
    const original = await api.take({ source: 'counted' });
    await api.take({ source: 'counted', is_test: true });
    await api.take({ source: 'counted', duplicate_of: original });
    const total = async (more: string) =>
      (await api.get(`/v1/leads?source=counted${more}`)).body.total;
    expect(await total('')).toBe(1);
    expect(await total('&include=test')).toBe(2);
    expect(await total('&include=duplicate')).toBe(2);
    expect(await total('&include=test,duplicate')).toBe(3);
  });

  test('those of an experiment and of one of its arms, as their answers said', async () => {
    const start = async (name: string) => {
      const plan = { name, primary_metric: 'reply_rate', segment_filter: { source: 'armed' } };
      const { id } = (await api.post('/v1/experiments', plan)).body;
      await api.post(`/v1/experiments/${id}/start`, {});
      return id as string;
    };
    const [one, other] = [await start('one'), await start('other')];
    const arms: Record<string, Record<string, string[]>> = { [one]: {}, [other]: {} };
    for (let n = 0; n < 24; n += 1) {
      const phone = `+1 415 555 01${String(n).padStart(2, '0')}`;
      const { body } = await api.post('/v1/leads', { source: n < 20 ? 'armed' : 'free', phone });
      for (const { experiment_id, group_name } of body.experiments) {
        const arm = arms[experiment_id] ?? {};
        arm[group_name] = [...(arm[group_name] ?? []), body.id];
      }
    }
    const listed = async (query: string) => {
      const { body } = await api.get(`/v1/leads?${query}`);
      expect(body.total).toBe(body.items.length);
      return body.items.map((lead: { id: string }) => lead.id).toSorted();
    };
    for (const id of [one, other]) {
      const { control = [], treatment = [] } = arms[id] ?? {};
      expect([control.length > 0, control.length + treatment.length]).toEqual([true, 20]);
      expect(await listed(`experiment_id=${id}&group_name=control`)).toEqual(control.toSorted());
      expect(await listed(`experiment_id=${id}&group_name=treatment`)).toEqual(
        treatment.toSorted(),
      );
      expect(await listed(`experiment_id=${id}`)).toEqual([...control, ...treatment].toSorted());
    }
    expect(await listed(`experiment_id=${crypto.randomUUID()}`)).toEqual([]);
    for (const id of [one, other]) await api.post(`/v1/experiments/${id}/complete`, {});
  });

  test('a group is one of an experiment, or nothing is listed', async () => {
    const { status, body } = await api.get('/v1/leads?group_name=control');
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      {
        pointer: '/query/group_name',
        code: 'custom',
        detail: '"group_name" needs "experiment_id": it is a group of one experiment.',
      },
    ]);
    for (const query of [
      'experiment_id=mine',
      `experiment_id=${crypto.randomUUID()}&group_name=`,
    ]) {
      expect((await api.get(`/v1/leads?${query}`)).status, query).toBe(400);
    }
  });
});
