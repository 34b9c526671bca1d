import type { AlertMessage } from '../../core/alerts/message.ts';
import type { Heard } from './replay.ts';
import type { Step } from './steps.ts';

/** How what was told stands against what had to be told; each line one step of an incident. */
export interface Verdict {
  readonly expected: number;
  readonly told: number;
  readonly incidents: number;
  readonly missed: string[];
  readonly wrong: string[];
  readonly twice: string[];
  /** Told at its hour, with other figures or leads. */
  readonly misstated: string[];
}

/** Holds each message against the step it tells of, to the last figure and lead. */
export function compare(steps: readonly Step[], { messages, leads }: Heard): Verdict {
  const wanted = new Map(steps.map((step) => [keyOf(step), step]));
  const told = Map.groupBy(messages, (message) =>
    keyOf({ ...message, at: Date.parse(message.scheduled_at) }),
  );
  const ids = Map.groupBy(messages, ({ id }) => id);
  const repeated = (some: Map<string, AlertMessage[]>) =>
    [...some].filter(([, of]) => of.length > 1).map(([key]) => key);
  return {
    expected: steps.length,
    told: messages.length,
    incidents: new Set(messages.map(({ incident }) => incident)).size,
    missed: [...wanted.keys()].filter((key) => !told.has(key)),
    wrong: [...told.keys()].filter((key) => !wanted.has(key)),
    twice: [...repeated(told), ...repeated(ids)],
    misstated: [...told].flatMap(([key, [message]]) => {
      const step = wanted.get(key);
      if (!step || !message) return [];
      const lead_ids = leads.get(message.id) ?? [];
      const isSame = lead_ids.join() === step.lead_ids.join();
      return [
        ...differenceOf(key, step, message),
        ...(isSame ? [] : [`${key}: by ${lead_ids}, and is by ${step.lead_ids}`]),
      ];
    }),
  };
}

/** The figures in words, for people. */
export function sentenceOf(verdict: Verdict): string {
  const { expected, told, incidents, missed, wrong, twice, misstated } = verdict;
  return (
    `${incidents} incidents, ${expected} steps expected, ${told} told: ${wrong.length} false, ` +
    `${missed.length} missed, ${twice.length} twice, ${misstated.length} misstated`
  );
}

function keyOf(step: {
  at: number;
  rule: string;
  source: string | null;
  agent_id: string | null;
  transition: string;
  reason: string | null;
}): string {
  const { at, rule, source, agent_id, transition, reason } = step;
  const of = `${source === null ? '' : `"${source}" `}${agent_id ?? ''}`;
  return `${new Date(at).toISOString()} ${rule} ${of} ${transition} ${reason ?? ''}`.trim();
}

function differenceOf(key: string, { figures }: Step, message: AlertMessage): string[] {
  const shown = ({ value, sample, leads, waiting_leads }: Step['figures']) =>
    `${value} of ${sample}, ${leads} behind it, ${waiting_leads} waiting`;
  const isSame =
    // A message rounds its value to two decimals, to the bad side.
    Math.abs(figures.value - message.value) < 0.01 &&
    figures.sample === message.sample &&
    figures.leads === message.leads &&
    figures.waiting_leads === message.waiting_leads;
  return isSame ? [] : [`${key}: ${shown(message)}, and is ${shown(figures)}`];
}
