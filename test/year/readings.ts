import type { Lead, Standing } from './facts.ts';
import type { RuleBody } from './rules.ts';
import { hourMs } from './story.ts';

/** What a rule says of all leads, or of one source or agent. */
export interface Reading {
  readonly breaks: boolean;
  readonly recovers: boolean;
  readonly value: number;
  readonly sample: number;
  readonly leads: number;
  readonly waiting_leads: number;
}

/** A lead, and how it stands at the moment that is looked at. */
export interface Seen {
  readonly lead: Lead;
  readonly is: Standing;
}

/** All leads that came in by a moment, each as it stands then; earliest first. */
export interface Moment {
  readonly at: number;
  readonly seen: readonly Seen[];
  readonly waiting: readonly Seen[];
  readonly overdue: readonly Seen[];
}

const days28 = 28 * 24 * hourMs;

/** Moments one after the other: what came before is not looked through again. */
export function momentsOf(leads: readonly Lead[]): (at: number) => Moment {
  const seen: Seen[] = [];
  const places: number[] = [];
  return (at) => {
    while ((leads[seen.length]?.created ?? Number.POSITIVE_INFINITY) <= at) {
      const lead = leads[seen.length] as Lead;
      places.push(0);
      seen.push({ lead, is: lead.standings[0] as Standing });
    }
    for (const [index, { lead }] of seen.entries()) {
      let place = places[index] ?? 0;
      while ((lead.standings[place + 1]?.from ?? Number.POSITIVE_INFINITY) <= at) place += 1;
      if (place === places[index]) continue;
      places[index] = place;
      seen[index] = { lead, is: lead.standings[place] as Standing };
    }
    return {
      at,
      seen,
      waiting: seen.filter(({ is }) => is.waiting),
      overdue: seen.filter(({ is }) => is.lapses && is.due !== null && is.due <= at),
    };
  };
}

/** What a rule says, by what it is split by; `open`: of which it has an incident. */
export function readingsOf(
  rule: RuleBody,
  moment: Moment,
  open: readonly (string | null)[],
): Map<string | null, Reading> {
  const all = rowsOf(rule, moment).filter(
    ({ lead }) => rule.source === undefined || lead.source === rule.source,
  );
  const groups = Map.groupBy(all, (one) => splitOf(rule, one));
  const named = rule.split_by ? open : [null];
  const received = rule.metric === 'leads_received' && rule.split_by ? recentOf(rule, moment) : [];
  const readings = new Map<string | null, Reading>();
  for (const value of new Set([...groups.keys(), ...named, ...received])) {
    const reading = readingOf(rule, moment, groups.get(value) ?? [], value);
    if (reading) readings.set(value, reading);
  }
  return readings;
}

/** Who is behind what a rule says of one source or agent: at most 100, longest ago first. */
export function leadsBehind(
  rule: RuleBody,
  moment: Moment,
  { value, isOpen }: { value: string | null; isOpen: boolean },
): string[] {
  const { metric, source, threshold, recover_threshold = threshold } = rule;
  // What is open already is kept so by those past the second threshold.
  const past = { ...rule, threshold: isOpen ? recover_threshold : threshold };
  const rows = rowsOf(rule, moment)
    .filter(({ lead }) => source === undefined || lead.source === source)
    .filter((one) => splitOf(rule, one) === value && isBehind(past, one, moment.at));
  if (metric === 'source_silence_hours') rows.reverse();
  if (metric === 'breached_leads' || metric === 'sla_attainment') {
    rows.sort((one, other) => (one.is.due ?? 0) - (other.is.due ?? 0));
  }
  return rows.slice(0, 100).map(({ lead }) => lead.id);
}

function splitOf({ split_by }: RuleBody, { lead, is }: Seen): string | null {
  if (!split_by) return null;
  return split_by === 'source' ? lead.source : is.agent;
}

/** Of which sources or agents a lead came within 28 days. */
export function recentOf(rule: RuleBody, { at, seen }: Moment): (string | null)[] {
  return since(seen, at - days28)
    .filter(({ lead }) => rule.source === undefined || lead.source === rule.source)
    .map((one) => splitOf(rule, one));
}

/** The leads a rule is about. */
function rowsOf({ metric, window_hours = 672 }: RuleBody, moment: Moment): readonly Seen[] {
  const { at, seen, waiting, overdue } = moment;
  const window = window_hours * hourMs;
  switch (metric) {
    case 'oldest_waiting_minutes':
      return waiting;
    case 'breached_leads':
      return overdue;
    case 'sla_attainment':
      // A deadline is at most some days after the lead came in: policies of hours over week-ends.
      return since(seen, at - window - 10 * 24 * hourMs).filter(({ is }) => {
        const isDue = is.due !== null && is.due > at - window && is.due <= at;
        return isDue && ['met', 'late', 'breached'].includes(is.sla(at) ?? '');
      });
    case 'contact_rate':
    case 'conversion_rate': {
      const end = at - (metric === 'contact_rate' ? 24 : 720) * hourMs;
      return since(seen, end - window).filter(({ lead }) => lead.created <= end);
    }
    case 'avg_response_hours':
    case 'p90_response_minutes':
      return since(seen, at - window).filter((one) => waitOf(one, at) !== null);
    default:
      return since(seen, at - window);
  }
}

/** Those that came in after a moment. */
function since(seen: readonly Seen[], moment: number): readonly Seen[] {
  let place = seen.length;
  while (place > 0 && (seen[place - 1]?.lead.created ?? 0) > moment) place -= 1;
  return seen.slice(place);
}

/** How long until the first contact, or so far, in milliseconds; null where it went without. */
function waitOf({ lead, is }: Seen, at: number): number | null {
  if (is.contacted !== null) return Math.max(0, is.contacted - lead.created);
  return is.waiting ? at - lead.created : null;
}

/** A figure as a fraction, so that it is compared exactly; null: there is none. */
function figureOf(
  { metric, source }: RuleBody,
  { at, seen }: Moment,
  rows: readonly Seen[],
  value: string | null,
): readonly [top: number, bottom: number] | null {
  const share = (isGood: (one: Seen) => boolean) =>
    rows.length === 0 ? null : ([100 * rows.filter(isGood).length, rows.length] as const);
  const waits = () => rows.map((one) => waitOf(one, at) ?? 0);
  switch (metric) {
    case 'avg_response_hours':
      return rows.length === 0 ? null : [sum(waits()), rows.length * hourMs];
    case 'p90_response_minutes':
      return rows.length === 0 ? null : [tenthSlowest(waits()), 60_000];
    case 'sla_attainment':
      return share(({ is }) => is.sla(at) === 'met');
    case 'contact_rate':
      return share(({ is }) => is.reached);
    case 'conversion_rate':
      return share(({ is }) => is.converted);
    case 'oldest_waiting_minutes':
      return [rows[0] ? at - rows[0].lead.created : 0, 60_000];
    case 'source_silence_hours': {
      const last = seen.findLast(({ lead }) => lead.source === (source ?? value));
      return last ? [at - last.lead.created, hourMs] : null;
    }
    default:
      return [rows.length, 1];
  }
}

function readingOf(
  rule: RuleBody,
  moment: Moment,
  rows: readonly Seen[],
  value: string | null,
): Reading | null {
  const figure = figureOf(rule, moment, rows, value);
  if (!figure) return null;
  const [top, bottom] = figure;
  const { metric, threshold, recover_threshold = threshold, minimum_leads = 1 } = rule;
  const isWatched = metric !== 'source_silence_hours' || rows.length >= 5;
  const isEnough = rows.length === 0 || rows.length >= minimum_leads;
  const isBad = badBelow.includes(metric) ? top < threshold * bottom : top > threshold * bottom;
  const isGood = badBelow.includes(metric)
    ? top >= recover_threshold * bottom
    : top <= recover_threshold * bottom;
  return {
    breaks: isEnough && isWatched && isBad,
    recovers: isEnough && isGood,
    value: top / bottom,
    sample: rows.length,
    leads: rows.filter((one) => isBehind(rule, one, moment.at)).length,
    waiting_leads: rows.filter(({ is }) => is.waiting).length,
  };
}

const badBelow = ['sla_attainment', 'contact_rate', 'conversion_rate', 'leads_received'];

/** Whether a lead makes the figure worse. */
function isBehind({ metric, threshold }: RuleBody, one: Seen, at: number): boolean {
  switch (metric) {
    case 'avg_response_hours':
      return (waitOf(one, at) ?? 0) > threshold * hourMs;
    case 'p90_response_minutes':
    case 'oldest_waiting_minutes':
      return (waitOf(one, at) ?? 0) > threshold * 60_000;
    case 'sla_attainment':
      return one.is.sla(at) !== 'met';
    case 'contact_rate':
      return !one.is.reached;
    case 'conversion_rate':
      return !one.is.converted;
    default:
      return true;
  }
}

/** Between the two that the ninth tenth lies between, as percentile_cont says. */
function tenthSlowest(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = 0.9 * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
