import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DigestMessage, digestMessage } from '../../../core/alerts/digest.ts';
import { handler } from '../../../functions/send-digest.ts';
import { type Scene, type SceneLead, startScene } from '../jobs/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ WORKSPACE_TIMEZONE: 'America/New_York' });
});
afterEach(() => scene.clear());
afterAll(() => scene.close());

const send = (scheduled_at: string) => handler({ scheduled_at }, {} as never);
/** The digest of a time, as whoever is subscribed gets it. */
async function digestAt(scheduledAt: string): Promise<DigestMessage> {
  expect(await send(scheduledAt)).toEqual({ written: 1, published: 1 });
  const [one, ...more] = await scene.machine.messages.receive<DigestMessage>();
  expect(more).toEqual([]);
  expect(one?.attributes).toEqual({ transition: 'digest' });
  return digestMessage.parse(one?.message);
}
/** A lead that came in at a moment. */
const leadAt = (moment: string, more: Omit<SceneLead, 'hoursAgo'> = {}) =>
  scene.leads({ hoursAgo: (Date.parse(scene.now) - Date.parse(moment)) / 3_600_000, ...more });
const called = (afterHours: number) => ({ events: [['contacted', afterHours]] as const });
const row = async (report: string, parameters: string) => {
  const { body } = await scene.get(`/v1/reports/${report}?${parameters}`);
  expect(body.rows.length).toBeLessThanOrEqual(1);
  return body.rows[0];
};
/** What the reports say of a day of the zone, as of a moment. */
async function reported(day: string, asOf: string) {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const window = `from=${day}&to=${next}&as_of=${asOf}`;
  const trend = await row('trend', window);
  const response = await row('response-time', `${window}&by=agent`);
  const attainment = await row('sla-attainment', `${window}&by=`);
  return {
    leads: trend.total_leads,
    contacted_leads: trend.contacted_leads,
    contact_rate: trend.contact_rate,
    median_all_minutes: response?.median_all_minutes ?? null,
    p90_all_minutes: response?.p90_all_minutes ?? null,
    due_leads: attainment?.due_leads ?? 0,
    met_leads: attainment?.met_leads ?? 0,
    late_leads: attainment?.late_leads ?? 0,
    breached_leads: attainment?.breached_leads ?? 0,
    attainment: attainment?.attainment ?? null,
  };
}

describe('the figures', () => {
  // On Sunday, 8 March 2026, the clocks of New York went from 2 to 3: the day has 23 hours.
  const monday = '2026-03-09T11:30:00Z';

  async function fiveSundays(): Promise<void> {
    for (const sunday of ['2026-02-08', '2026-02-15', '2026-02-22', '2026-03-01']) {
      // Its last minute, and the first of the next day: in winter five hours behind.
      const next = new Date(Date.parse(sunday) + 86_400_000).toISOString().slice(0, 10);
      await leadAt(`${sunday}T05:00:00Z`, { ...called(0.5), dueAfterHours: 1 });
      await leadAt(`${next}T04:59:00Z`, { ...called(12), dueAfterHours: 2 });
      await leadAt(`${next}T05:00:00Z`, { ...called(0.1), dueAfterHours: 2 });
    }
    await leadAt('2026-03-01T17:00:00Z', { ...called(19.4), dueAfterHours: 2 });
    await leadAt('2026-03-08T04:59:00Z', { ...called(0.1), dueAfterHours: 1 });
    await leadAt('2026-03-08T05:00:00Z', { ...called(0.25), dueAfterHours: 1 });
    await leadAt('2026-03-08T07:30:00Z', { ...called(5), dueAfterHours: 2 });
    await leadAt('2026-03-08T09:00:00Z', { ...called(27), dueAfterHours: 2 });
    await leadAt('2026-03-09T03:59:00Z', { dueAfterHours: 1 });
    await leadAt('2026-03-09T04:00:00Z', { dueAfterHours: 1 });
  }

  test('are those of the reports for that day, though the clocks change on it', async () => {
    await fiveSundays();
    const { day, figures } = await digestAt(monday);
    expect(day).toBe('2026-03-08');
    expect(figures).toEqual(await reported('2026-03-08', monday));
    expect(figures).toMatchObject({ leads: 4, contacted_leads: 2, due_leads: 4, met_leads: 2 });
  });

  test('stand beside the four same weekdays, each as of half past seven by its clock', async () => {
    await fiveSundays();
    const { usual } = await digestAt(monday);
    const days = await Promise.all(
      [
        ['2026-02-08', '2026-02-09'],
        ['2026-02-15', '2026-02-16'],
        ['2026-02-22', '2026-02-23'],
        ['2026-03-01', '2026-03-02'],
      ].map(([day = '', next]) => reported(day, `${next}T12:30:00Z`)),
    );
    const sum = (of: (day: (typeof days)[0]) => number) => days.reduce((n, day) => n + of(day), 0);
    const percent = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(2));
    expect(usual).toEqual({
      days: 4,
      leads: Number((sum((day) => day.leads) / 4).toFixed(1)),
      contact_rate: percent(
        sum((day) => day.contacted_leads),
        sum((day) => day.leads),
      ),
      // Four of nine after half an hour, the fifth at 7:24 on Monday, four later than now.
      median_all_minutes: 1164,
      p90_all_minutes: null,
      attainment: percent(
        sum((day) => day.met_leads),
        sum((day) => day.due_leads),
      ),
    });
    expect(usual).toMatchObject({ leads: 2.3, contact_rate: 55.56 });
  });

  test('are compared with nothing where there is too little', async () => {
    for (let n = 0; n < 9; n++) await leadAt('2026-03-01T17:00:00Z', called(0.1));
    expect((await digestAt(monday)).usual).toBeNull();
    await scene.clear();
    for (const day of ['15', '22', '01', '01']) {
      await leadAt(`2026-0${day === '01' ? 3 : 2}-${day}T17:00:00Z`, called(1));
    }
    expect((await digestAt(monday)).usual).toBeNull();
    await scene.clear();
    for (const day of ['15', '22', '01', '01', '01']) {
      await leadAt(`2026-0${day === '01' ? 3 : 2}-${day}T17:00:00Z`, called(1));
    }
    const { usual } = await digestAt(monday);
    // Of the fourth Sunday before there is no history.
    expect(usual).toMatchObject({ days: 3, leads: 1.7, median_all_minutes: 60, attainment: null });
  });
});

describe('who waits', () => {
  const morning = '2026-03-10T11:30:00Z';

  test('is told as the report has it, the five longest and dearest one by one', async () => {
    const agentId = await scene.addAgent();
    await leadAt('2026-03-01T12:00:00Z', { dueAfterHours: 1, source: 'a', agentId });
    await leadAt('2026-02-01T12:00:00Z', { source: 'without a clock' });
    for (const source of ['b', 'c', 'd', 'e', 'f']) {
      await leadAt('2026-03-10T11:00:00Z', { dueAfterHours: 1, source });
    }
    await scene.sql(`update leads set estimated_value = ascii(source) where source > 'a'`);
    await leadAt('2026-03-10T11:31:00Z', { source: 'later' });
    const { waiting, waiting_by_agent, rescue } = await digestAt(morning);
    const { rows } = (await scene.get(`/v1/reports/waiting-leads?as_of=${morning}`)).body;
    expect(rescue).toHaveLength(5);
    expect(rescue).toEqual(
      rows.slice(0, 5).map((one: Record<string, unknown>) => ({
        lead_id: one.lead_id,
        source: one.source,
        quality_score: one.quality_score,
        agent_id: one.agent_id,
        estimated_value: one.estimated_value === null ? null : Number(one.estimated_value),
        waited_minutes: one.waited_minutes,
        sla_state: one.sla_state,
        sla_due_at: one.sla_due_at,
      })),
    );
    expect(rescue.map(({ source }) => source)).toEqual(['a', 'f', 'e', 'd', 'c']);
    expect(waiting).toEqual({
      leads: rows.length,
      overdue_leads: 1,
      longest_minutes: Math.max(
        ...rows.map((one: { waited_minutes: number }) => one.waited_minutes),
      ),
    });
    expect(waiting_by_agent).toEqual([
      { agent_id: agentId, leads: 1, overdue_leads: 1, longest_minutes: 12_930 },
      { agent_id: null, leads: 6, overdue_leads: 0, longest_minutes: waiting.longest_minutes },
    ]);
  });

  test('history that was imported is nobody’s to rescue', async () => {
    await leadAt('2026-01-01T12:00:00Z', { recordedAfterHours: 1000 });
    const { waiting, rescue } = await digestAt(morning);
    expect([waiting.leads, rescue]).toEqual([0, []]);
  });

  test('open incidents are told, and which of them somebody has in hand', async () => {
    await leadAt('2026-03-08T12:00:00Z', { source: 'a' });
    await leadAt('2026-03-08T13:00:00Z', { source: 'b' });
    const waits = { metric: 'oldest_waiting_minutes', threshold: 60, split_by: 'source' };
    await scene.onlyRule({ ...waits, name: 'waits', severity: 'warning' });
    const check = await import('../../../functions/check-sla.ts');
    await check.handler({ scheduled_at: '2026-03-10T11:00:00Z' }, {} as never);
    await scene.received();
    const [first, second] = await scene.incidents();
    await scene.sql(
      `update incidents set acknowledged_at = $2, acknowledged_by = 'key:a' where id = $1`,
      [first.id, '2026-03-10T11:15:00Z'],
    );
    const digest = await digestAt(morning);
    expect(digest).toMatchObject({ open_incidents: 2, acknowledged_incidents: 1 });
    expect(digest.incidents.map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'open'],
      [first.id, 'acknowledged'],
    ]);
  });
});
