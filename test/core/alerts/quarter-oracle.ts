import type { Lead } from './quarter.ts';

const hourMs = 3_600_000;

/** An incident as it should be: a step of it at its hour. */
export interface Step {
  readonly rule: string;
  readonly source: string | null;
  readonly transition: 'opened' | 'resolved';
  readonly at: number;
}

interface Reading {
  readonly rule: string;
  readonly source: string | null;
  readonly breaks: boolean;
  readonly recovers: boolean;
}

/** Every step that has to be told, hour by hour, by the definitions and nothing of the product. */
export function expectedSteps(leads: readonly Lead[], from: number, to: number): Step[] {
  const counted = leads.filter(({ kind }) => kind === 'lead');
  const open = new Set<string>();
  const steps: Step[] = [];
  for (let at = from; at <= to; at += hourMs) {
    for (const { rule, source, breaks, recovers } of readingsAt(counted, at, open)) {
      const key = `${rule} ${source}`;
      const step = { rule, source, at };
      if (open.has(key) && recovers) {
        open.delete(key);
        steps.push({ ...step, transition: 'resolved' });
      } else if (!open.has(key) && breaks) {
        open.add(key);
        steps.push({ ...step, transition: 'opened' });
      }
    }
  }
  return steps;
}

function readingsAt(leads: readonly Lead[], at: number, open: ReadonlySet<string>): Reading[] {
  const there = leads.filter(({ created }) => created <= at);
  const wait = ({ created, contacted }: Lead) => (Math.min(contacted, at) - created) / hourMs;
  const isWaiting = ({ contacted }: Lead) => contacted > at;

  const lastDay = there.filter(({ created }) => created > at - 24 * hourMs);
  const average = sum(lastDay.map(wait)) / lastDay.length;
  const enough = lastDay.length >= 8;

  const due = ({ created }: Lead) => created + 2 * hourMs;
  const wereDue = there.filter((lead) => due(lead) > at - 24 * hourMs && due(lead) <= at);
  const met = wereDue.filter((lead) => lead.contacted <= due(lead));
  const attainment = (100 * met.length) / wereDue.length;
  const enoughDue = wereDue.length >= 8;

  const oldest = Math.max(0, ...there.filter(isWaiting).map(wait));
  return [
    of('average', enough && average > 2, enough && average <= 1.5),
    of('attainment', enoughDue && attainment < 60, enoughDue && attainment >= 75),
    of('oldest', oldest > 24, oldest <= 24),
    ...silences(there, at, open),
  ];
}

function silences(there: readonly Lead[], at: number, open: ReadonlySet<string>): Reading[] {
  return [...new Set(there.map(({ source }) => source))].map((source) => {
    const own = there.filter((lead) => lead.source === source);
    const recent = own.filter(({ created }) => created > at - 28 * 24 * hourMs);
    const hours = (at - Math.max(...own.map(({ created }) => created))) / hourMs;
    const isWatched = recent.length >= 5 || open.has(`silence ${source}`);
    return {
      rule: 'silence',
      source,
      breaks: isWatched && hours > 72,
      recovers: hours <= 72,
    };
  });
}

function of(rule: string, breaks: boolean, recovers: boolean): Reading {
  return { rule, source: null, breaks, recovers };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
