import { handler as evaluate } from '../../../functions/evaluate-experiments.ts';
import { startGateway } from '../../../local/gateway/server.ts';
import { startTestMachine } from '../../setup/machine.ts';
import { violations } from '../../setup/openapi.ts';
import { atTime } from '../../setup/timed-handlers.ts';
import { withoutTopic } from '../jobs/scene.ts';

const minuteMs = 60 * 1000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** FNV-1a over bytes, in another way than the SQL. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Where an experiment puts somebody, by GrowthBook's second hash. */
export const bucketOf = (experiment: string, unit: string) =>
  (hashOf(`${hashOf(`${experiment}:1${unit}`)}`) % 10_000) / 10_000;

/** A lead, and after how many minutes something happens to it. */
export interface Arrival {
  readonly lead?: object;
  /** By the arm that the answer names; null for a lead that is in no experiment. */
  readonly events?: (arm: string | null) => readonly [type: string, minutes: number][];
}

/** leadpulse on a clock of its own: leads come, days pass, the experiments are evaluated. */
export async function startExperimentScene(begin = Date.parse('2026-03-02T05:15:00Z')) {
  const api = await startTestMachine();
  let now = begin;
  const handlers = atTime(api.machine.handlers, () => now);
  const gateway = await startGateway({ port: 0, handlers });
  const due: { at: number; leadId: string; type: string }[] = [];

  async function send(method: string, path: string, body?: unknown) {
    const response = await fetch(gateway.url + path, {
      method,
      headers: {
        authorization: `Bearer ${api.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = { status: response.status, body: JSON.parse(text) };
    const type = response.headers.get('content-type') ?? '';
    const wrong = violations({ method, path }, { ...answer, type });
    if (wrong.length > 0) throw new Error(`not as described:\n${wrong.join('\n')}\n${text}`);
    return answer;
  }
  const post = (path: string, body: unknown = {}) => send('POST', path, body);

  /** A lead comes in, and what is to happen to it is remembered. */
  async function arrive({ lead = {}, events = () => [] }: Arrival) {
    const { status, body } = await post('/v1/leads', { source: 'zillow', ...lead });
    if (status !== 201) throw new Error(`a lead was answered ${status}`);
    const arm: string | null = body.experiments[0]?.group_name ?? null;
    for (const [type, minutes] of events(arm)) {
      due.push({ at: now + minutes * minuteMs, leadId: body.id, type });
    }
    return { id: body.id as string, arm };
  }

  /** Lets time pass, and what is due happen at its time. */
  async function pass(milliseconds: number): Promise<void> {
    const end = now + milliseconds;
    const happening = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
    for (const one of happening) due.splice(due.indexOf(one), 1);
    now = end;
    for (let from = 0; from < happening.length; from += 500) {
      const items = happening.slice(from, from + 500).map(({ at, leadId, type }) => ({
        lead_id: leadId,
        event_type: type,
        event_source: 'agent',
        created_at: new Date(at).toISOString(),
      }));
      const { body } = await post('/v1/events/batch', { items });
      const refused = body.results.filter(({ status }: { status: number }) => status !== 201);
      if (refused.length > 0) throw new Error(JSON.stringify(refused));
    }
  }

  let people = 0;
  /**
   * Somebody new whom an experiment of halves puts into this arm: what chance would do to a split
   * once in a hundred runs is no part of a test.
   */
  function somebody(experiment: string, arm: 'treatment' | 'control'): object {
    for (;;) {
      people += 1;
      const phone = `+1415${String(2_000_000 + people)}`;
      if (bucketOf(experiment, phone) >= 0.5 === (arm === 'treatment')) return { phone };
    }
  }

  const scheduled = () => ({ scheduled_at: new Date(now).toISOString() });

  return {
    ...api,
    send,
    post,
    get: (path: string) => send('GET', path),
    patch: (path: string, body: unknown) => send('PATCH', path, body),
    arrive,
    somebody,
    pass,
    now: () => now,
    /** What the subscribed queue has received since the last look. */
    async received() {
      const all = [];
      for (;;) {
        const some = await api.machine.messages.receive();
        if (some.length === 0) return all.map(({ message }) => message);
        all.push(...some);
      }
    },
    withoutTopic: () => withoutTopic(api.machine.messages),
    evaluate: () => evaluate(scheduled(), {} as never),
    /** Plans an experiment and starts it. */
    async start(plan: object): Promise<string> {
      const { status, body } = await post('/v1/experiments', plan);
      if (status !== 201) throw new Error(JSON.stringify(body));
      await post(`/v1/experiments/${body.id}/start`);
      return body.id;
    },
    /** Every day so many leads come at this hour, and the experiments are evaluated. */
    async days(count: number, each: (day: number) => readonly Arrival[]): Promise<void> {
      for (let day = 0; day < count; day += 1) {
        for (const arrival of each(day)) await arrive(arrival);
        await pass(dayMs);
        await evaluate(scheduled(), {} as never);
      }
    },
    experiment: async (id: string) => (await send('GET', `/v1/experiments/${id}`)).body,
    looks: async (id: string) => (await send('GET', `/v1/experiments/${id}/looks`)).body.items,
    async close() {
      await gateway.close();
      await api.close();
    },
  };
}
