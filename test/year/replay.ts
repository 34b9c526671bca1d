import type { AlertMessage } from '../../core/alerts/message.ts';
import { handler as checkSla } from '../../functions/check-sla.ts';
import { startGateway } from '../../local/gateway/server.ts';
import type { Machine } from '../../local/machine.ts';
import { atTime } from '../setup/timed-handlers.ts';
import {
  addedPolicies,
  addedRules,
  defaultPolicies,
  defaultRules,
  type PolicyBody,
} from './rules.ts';
import { remindersHeard } from './steps.ts';
import { hourMs, type Story } from './story.ts';

/** What was told to whoever listens, and how long it took, in milliseconds. */
export interface Heard {
  readonly messages: readonly AlertMessage[];
  /** Who was behind each step, by the id of its message. */
  readonly leads: ReadonlyMap<string, readonly string[]>;
  readonly checks: number;
  readonly sendMs: number;
  readonly checkMs: number;
}

/** Policies and rules as the replay has them: those of a new workspace, and its own. */
export function termsOf({ agents }: Story) {
  const policies: PolicyBody[] = [...defaultPolicies, ...addedPolicies(agents[0]?.id ?? '')];
  return { policies, rules: [...defaultRules, ...addedRules] };
}

/**
 * Sends a story hour by hour to the machine's own routes, and has the rules checked after each hour
 * from the first check on. `hourIsOver` is told how it went so far.
 */
export async function replay(given: {
  machine: Machine;
  key: string;
  story: Story;
  from: number;
  firstCheck: number;
  to: number;
  hourIsOver?: (at: number, heard: Heard) => void;
}): Promise<Heard> {
  const { machine, key, story, from, firstCheck, to, hourIsOver = () => undefined } = given;
  let now = from;
  const gateway = await startGateway({ port: 0, handlers: atTime(machine.handlers, () => now) });
  const send = senderOf(gateway.url, key);
  const heard = {
    ...{ messages: [] as AlertMessage[], checks: 0, sendMs: 0, checkMs: 0 },
    leads: new Map<string, readonly string[]>(),
  };
  try {
    await begin(send, story);
    const hours = byHour(story);
    for (now = from; now <= to; now += hourMs) {
      const begun = performance.now();
      await tellHour(send, hours, now);
      const sent = performance.now();
      heard.sendMs += sent - begun;
      if (now < firstCheck) continue;
      const scheduled_at = new Date(now).toISOString();
      const { published } = await checkSla({ scheduled_at }, {} as never);
      heard.checkMs += performance.now() - sent;
      heard.checks += 1;
      const messages = (published ?? 0) > 0 ? await received(machine) : [];
      heard.messages.push(...messages);
      for (const { incident } of messages.filter((one) => isLastReminder(one, heard.messages))) {
        await send('POST', `/v1/incidents/${incident}/acknowledge`, {});
      }
      hourIsOver(now, heard);
    }
    for (const incident of new Set(heard.messages.map((message) => message.incident))) {
      for (const { number, lead_ids } of await historyOf(gateway.url, key, incident)) {
        heard.leads.set(`${incident}:${number}`, lead_ids);
      }
    }
    return heard;
  } finally {
    await gateway.close();
  }
}

type Send = (method: string, path: string, body: object) => Promise<void>;

function senderOf(url: string, key: string): Send {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    const { results = [] } = JSON.parse(text) as { results?: { status: number }[] };
    const isRefused = !response.ok || results.some(({ status }) => status >= 300);
    if (isRefused) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  };
}

async function begin(send: Send, story: Story): Promise<void> {
  const agents = story.agents.map((agent) => ({ ...agent, active: true }));
  await send('POST', '/v1/agents/batch', { items: agents });
  await send('POST', '/v1/skills/batch', { items: story.skills });
  const own = addedPolicies(story.agents[0]?.id ?? '');
  for (const policy of own) await send('POST', '/v1/sla-policies', policy);
  for (const rule of addedRules) await send('POST', '/v1/alert-rules', rule);
}

function byHour({ leads, events, voids, departures }: Story) {
  const at = (told: { at: number }) => told.at;
  return {
    leads: Map.groupBy(leads, at),
    events: Map.groupBy(events, at),
    voids: Map.groupBy(voids, at),
    departures: Map.groupBy(departures, at),
  };
}

async function tellHour(send: Send, story: ReturnType<typeof byHour>, at: number): Promise<void> {
  const itemsOf = <T>(told: Map<number, { item: T }[]>) =>
    (told.get(at) ?? []).map((one) => one.item);
  const [leads, events] = [itemsOf(story.leads), itemsOf(story.events)];
  if (leads.length > 0) await send('POST', '/v1/leads/batch', { items: leads });
  if (events.length > 0) await send('POST', '/v1/events/batch', { items: events });
  for (const { event_id, ...body } of itemsOf(story.voids)) {
    await send('POST', `/v1/events/${event_id}/void`, body);
  }
  for (const id of itemsOf(story.departures)) {
    await send('PATCH', `/v1/agents/${id}`, { active: false });
  }
}

async function received({ messages }: Machine): Promise<AlertMessage[]> {
  const all: AlertMessage[] = [];
  for (;;) {
    const some = await messages.receive();
    if (some.length === 0) return all;
    all.push(...some.map(({ message }) => message));
  }
}

function isLastReminder(message: AlertMessage, heard: readonly AlertMessage[]): boolean {
  const reminded = heard.filter(
    ({ incident, transition }) => incident === message.incident && transition === 'reminded',
  );
  return message.transition === 'reminded' && reminded.length === remindersHeard;
}

async function historyOf(url: string, key: string, incident: string) {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/v1/incidents/${incident}`, { headers });
  const { history } = (await answer.json()) as {
    history: { number: number; lead_ids: readonly string[] }[];
  };
  return history;
}
