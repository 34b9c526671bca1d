import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Correction } from '../setup/corrections.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterAll(() => api.close());

/** Corrections as they would stand there from then. */
async function record(subject: string, created_at: string[]): Promise<void> {
  await api.sql(
    `insert into corrections (id, created_at, corrected_by, kind, subject_id, before)
     select uuidv7(), at, 'key_then', 'skill', $1, '{"a": 1}' from unnest($2::timestamptz[]) at`,
    [subject, created_at],
  );
}

describe('corrections are listed', () => {
  test('page by page without a gap or a twin, at equal times too', async () => {
    const subject = '00000000-0000-4000-8000-000000000001';
    await record(subject, Array(7).fill('2026-03-01T12:00:00Z'));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${cursor}`;
      const page = await api.get(`/v1/corrections?subject_id=${subject}&limit=3${next}`);
      expect(page.body.total).toBe(7);
      seen.push(...page.body.items.map((one: Correction) => one.id));
      cursor = page.body.next_cursor;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual(seen.toSorted().reverse());
  });

  test('a page that would be too large for one answer is cut, and the rest follows', async () => {
    const id = await api.take({ raw_data: { n: 0, long: 'x'.repeat(32_000) } });
    for (let n = 1; n <= 40; n++) {
      await api.patch(`/v1/leads/${id}`, { raw_data: { n, long: 'x'.repeat(32_000) } });
    }
    const first = await api.get(`/v1/corrections?lead_id=${id}`);
    expect([first.status, first.body.total]).toEqual([200, 40]);
    expect(first.body.items.length).toBeLessThan(40);
    const cursor = first.body.next_cursor;
    const rest = await api.get(`/v1/corrections?lead_id=${id}&cursor=${cursor}`);
    const seen = [...first.body.items, ...rest.body.items];
    expect(seen.map(({ before }) => before.raw_data.n)).toEqual(
      Array.from({ length: 40 }, (_, n) => 39 - n),
    );
  });

  test("by kind, by key, by subject, and a lead's with those of its events", async () => {
    const [bea, lead, other] = [await api.addAgent(), await api.take(), await api.take()];
    await api.patch(`/v1/agents/${bea}`, { team: 'north' });
    await api.patch(`/v1/leads/${other}`, { notes: 'other' });
    await api.patch(`/v1/leads/${lead}`, { stage: 'contacted' });
    const [contacted] = (await api.get(`/v1/leads/${lead}/events`)).body.items;
    await api.post(`/v1/events/${contacted.id}/void`, { by: 'Bea', reason: 'no answer' });
    const told = async (filters: string) => {
      const { body } = await api.get(`/v1/corrections?${filters}`);
      return body.items.map((one: Correction) => one.kind);
    };
    expect(await told(`subject_id=${bea.toUpperCase()}`)).toEqual(['agent']);
    expect(await told(`subject_id=${lead}`)).toEqual(['lead', 'lead']);
    expect((await told(`lead_id=${lead}`)).toSorted()).toEqual(['event', 'lead', 'lead']);
    expect(await told(`lead_id=${lead}&kind=event`)).toEqual(['event']);
    expect(await told(`lead_id=${lead}&corrected_by=key_then`)).toEqual([]);
    expect(await told('lead_id=00000000-0000-4000-8000-00000000000f')).toEqual([]);
  });

  test("by days of the workspace's zone, the last one not included", async () => {
    const subject = '00000000-0000-4000-8000-000000000002';
    // Midnight in New York is 5 o'clock, and 4 o'clock from 8 March on.
    const times = ['07T04:59:59Z', '07T05:00:00Z', '09T03:59:59Z', '09T04:00:00Z'];
    await record(
      subject,
      times.map((time) => `2026-03-${time}`),
    );
    const total = async (days: string) =>
      (await api.get(`/v1/corrections?subject_id=${subject}&${days}`)).body.total;
    expect(await total('from=2026-03-07&to=2026-03-09')).toBe(2);
    expect(await total('from=2026-03-09')).toBe(1);
    expect(await total('to=2026-03-07')).toBe(1);
  });

  test.each([
    ['kind=note', '/query/kind'],
    ['lead_id=7', '/query/lead_id'],
    ['limit=101', '/query/limit'],
    ['from=2026-03-02&to=2026-03-01', '/query/to'],
    ['source=zillow', '/query/source'],
  ])('and not with %s', async (filters, pointer) => {
    const refused = await api.get(`/v1/corrections?${filters}`);
    expect([refused.status, refused.body.errors?.[0].pointer]).toEqual([400, pointer]);
  });
});
