import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let agent: string;
let leads: string[];
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: 'America/New_York' });
  agent = await api.addAgent({ external_id: '=cmd', team: '+1' });
  const made = Array.from({ length: 7 }, (_, n) =>
    api.take({
      source: n % 2 ? 'zillow' : '',
      external_id: `z-${n}`,
      first_name: n === 3 ? '=HYPERLINK("x")' : `Ada, "${n}"\nof the line`,
      created_at: `2026-03-0${n + 1}T12:00:00Z`,
      estimated_value: '12500.00',
      notes: n === 3 ? 'call after six;\r\n"she" said' : null,
    }),
  );
  leads = await Promise.all(made);
  const event = (n: number, body: object) =>
    api.post(`/v1/leads/${leads[n]}/events`, {
      event_source: 'agent',
      agent_id: agent,
      created_at: `2026-03-1${n}T03:30:00Z`,
      ...body,
    });
  await event(0, { event_type: 'contacted', details: { how: '=phone' } });
  await event(1, { event_type: 'contacted', event_source: 'automation' });
  await event(1, { event_type: 'closed', value: '1.50', agent_id: null });
  const mistake = await event(2, { event_type: 'dead' });
  await api.post(`/v1/events/${mistake.body.id}/void`, { by: 'Bea', reason: 'wrong lead' });
  await api.put('/v1/spend', { source: '=zillow', day: '2026-03-01', amount: 30 });
  await api.post('/v1/skills', { name: 'night-watch', config: { a: 1 } });
});
afterAll(() => api.close());

async function rowsOf(path: string) {
  const answer = await api.get(path);
  expect(answer.status, answer.text).toBe(200);
  const rows: Record<string, string>[] = parse(answer.text, { columns: true });
  return { rows, next: answer.headers.get('x-next-cursor'), headers: answer.headers };
}

describe('the events of all leads', () => {
  const seen = async (filters: string) => {
    const { body } = await api.get(`/v1/events?${filters}`);
    return body.items.map(
      (event: { event_type: string; lead_external_id: string }) =>
        `${event.event_type} ${event.lead_external_id}`,
    );
  };

  test.each([
    ['', ['closed z-1', 'contacted z-1', 'contacted z-0']],
    ['include=voided', ['dead z-2', 'closed z-1', 'contacted z-1', 'contacted z-0']],
    ['event_type=contacted', ['contacted z-1', 'contacted z-0']],
    ['event_source=automation', ['contacted z-1']],
    ['source=', ['contacted z-0']],
    ['source=Zillow', ['closed z-1', 'contacted z-1']],
    // Half past three in the night of UTC is the evening before in New York.
    ['from=2026-03-10&to=2026-03-11', ['closed z-1', 'contacted z-1']],
    ['from=2026-03-09&to=2026-03-10', ['contacted z-0']],
  ])('are there, newest first, with %s', async (filters, expected) => {
    expect(await seen(filters)).toEqual(expected);
  });

  test('are there by agent, and never their coming in', async () => {
    expect(await seen(`agent_id=${agent}`)).toEqual(['contacted z-1', 'contacted z-0']);
    expect((await api.get('/v1/events?event_type=created')).status).toBe(400);
    expect((await api.get('/v1/events')).body.total).toBe(3);
  });

  test('are there by lead', async () => {
    expect(await seen(`lead_id=${leads[1]}`)).toEqual(['closed z-1', 'contacted z-1']);
  });

  test('come page by page in one call each', async () => {
    const first = await api.get('/v1/events?limit=2');
    expect(first.body.items.length).toBe(2);
    api.machine.dataApi.resetCalls();
    const rest = await api.get(`/v1/events?limit=2&cursor=${first.body.next_cursor}`);
    expect(api.machine.dataApi.calls()).toBe(1);
    expect(rest.body.items.length).toBe(1);
    expect(rest.body.next_cursor).toBeNull();
  });
});

describe('the total of a list', () => {
  test('is counted on its first page and told on every one', async () => {
    const first = await api.get('/v1/leads?limit=2');
    await api.sql('update leads set is_test = true where id = $1', [leads[0]]);
    const second = await api.get(`/v1/leads?limit=2&cursor=${first.body.next_cursor}`);
    const third = await api.get(`/v1/leads?limit=2&cursor=${second.body.next_cursor}`);
    await api.sql('update leads set is_test = false where id = $1', [leads[0]]);
    expect([first, second, third].map(({ body }) => body.total)).toEqual([7, 7, 7]);
    expect([third.body.items.length, third.body.next_cursor]).toEqual([2, null]);
  });

  test('is counted where a page of CSV went before', async () => {
    const { next } = await rowsOf('/v1/leads?format=csv&limit=3');
    const page = await api.get(`/v1/leads?limit=3&cursor=${next}`);
    expect([page.body.total, page.body.items.length]).toEqual([7, 3]);
  });
});

describe('every list as CSV', () => {
  const lists = ['leads', 'events', 'agents', 'skills', 'spend', 'corrections'];

  test.each(lists)('%s has the items and the columns of its JSON', async (list) => {
    const { items } = (await api.get(`/v1/${list}`)).body;
    const { rows, next, headers } = await rowsOf(`/v1/${list}?format=csv`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${list}.csv"`);
    expect(next).toBeNull();
    expect(rows.length).toBe(items.length);
    expect(items.length).toBeGreaterThan(0);
    for (const [index, item] of items.entries()) {
      const more = list === 'leads' ? ['notes'] : [];
      expect(Object.keys(rows[index] ?? {})).toEqual([...Object.keys(item), ...more]);
      expect(rows[index]?.id).toBe(item.id);
    }
  });

  test('goes on where x-next-cursor says, to the end', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await rowsOf(`/v1/leads?format=csv&limit=3${next && `&cursor=${next}`}`);
      seen.push(...page.rows.map((row) => row.id ?? ''));
      next = page.next;
    }
    expect(seen).toEqual(leads.toReversed());
  });

  test('keeps text from being a formula, and amounts as they are', async () => {
    const { rows } = await rowsOf('/v1/leads?format=csv');
    const odd = rows.find((row) => row.external_id === 'z-3');
    expect(odd).toMatchObject({ first_name: `'=HYPERLINK("x")`, estimated_value: '12500.00' });
    const [bea] = (await rowsOf('/v1/agents?format=csv')).rows;
    expect(bea).toMatchObject({ external_id: "'=cmd", team: "'+1", open_leads: '0' });
  });

  test('of leads has what people wrote about them, which JSON leaves to one lead', async () => {
    const { rows } = await rowsOf('/v1/leads?format=csv');
    expect(rows.find((row) => row.external_id === 'z-3')?.notes).toBe(
      'call after six;\r\n"she" said',
    );
    expect((await api.get('/v1/leads')).body.items[0].notes).toBeUndefined();
  });

  test('has up to 1,000 a page where JSON has fewer, and says so', async () => {
    expect((await api.get('/v1/leads?format=csv&limit=1000')).status).toBe(200);
    const refused = await api.get('/v1/leads?limit=201');
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].pointer).toBe('/query/limit');
    expect(refused.body.detail).toContain('1000 with format=csv');
    expect((await api.get('/v1/leads?format=csv&limit=1001')).status).toBe(400);
    expect((await api.get('/v1/leads?format=xml')).status).toBe(400);
  });

  test('of a lead that nobody knows is a 404', async () => {
    const nobody = '00000000-0000-4000-8000-00000000000a';
    expect((await api.get(`/v1/leads/${nobody}/events?format=csv`)).status).toBe(404);
    const { rows } = await rowsOf(`/v1/leads/${leads[0]}/events?format=csv`);
    expect(rows.map((row) => row.event_type)).toEqual(['contacted', 'created']);
    expect(rows[0]?.details).toBe('{"how":"=phone"}');
  });
});
