import { twoDecimals } from '../exact.ts';
import { curveOf, limitsOf, medianOf, type Step, stepAt, type Watched } from '../kaplan-meier.ts';
import { MINUTE } from '../local-time.ts';
import type { Answer, Facts, Parameters, Row } from '../types.ts';
import { selectLeads } from '../window.ts';
import { dimensionsOf, groupBy, keyColumns, type Leads, responseTime } from './measures.ts';
import { ascendingBy, inOrder } from './order.ts';

const STEPS: readonly (readonly [string, number])[] = [
  ['1 minute', 1],
  ['5 minutes', 5],
  ['15 minutes', 15],
  ['30 minutes', 30],
  ['1 hour', 60],
  ['2 hours', 2 * 60],
  ['4 hours', 4 * 60],
  ['8 hours', 8 * 60],
  ['24 hours', 24 * 60],
  ['48 hours', 48 * 60],
  ['72 hours', 72 * 60],
  ['7 days', 7 * 24 * 60],
];

const twoPlaces = (value: number | null) => (value === null ? null : Math.round(100 * value) / 100);

/** Each lead until its first contact, else until the report's moment; microseconds. */
function watchedOf(leads: Leads, { as_of, human_only }: Parameters): Watched[] {
  return leads.map((placed) => {
    const time = responseTime(placed, human_only);
    return { time: Number(time ?? as_of - placed.lead.created_at), event: time !== null };
  });
}

function contacted(step: Step | undefined): Row {
  const limits = step ? limitsOf(step) : null;
  return {
    pct_contacted: step ? twoDecimals(100n * (step.of - step.left), step.of) : 0,
    pct_contacted_low: limits && twoPlaces(100 * (1 - limits.high)),
    pct_contacted_high: limits && twoPlaces(100 * (1 - limits.low)),
  };
}

const unknown: Row = { pct_contacted: null, pct_contacted_low: null, pct_contacted_high: null };

function rowsOf({ utm_campaign: _, ...key }: Row, leads: Leads, parameters: Parameters): Row[] {
  const watched = watchedOf(leads, parameters);
  const curve = curveOf(watched);
  const { median, low, high } = medianOf(watched, curve);
  const inMinutes = (time: number | null) =>
    twoPlaces(time === null ? null : time / Number(MINUTE));
  return STEPS.map(([within, minutes]) => {
    const time = minutes * Number(MINUTE);
    const step = stepAt(curve, time);
    const atRisk = watched.filter((one) => one.time >= time).length;
    const isKnown = atRisk > 0 || step?.left === 0n;
    return {
      ...key,
      within,
      within_minutes: minutes,
      total_leads: leads.length,
      at_risk: atRisk,
      contacted_leads: watched.filter((one) => one.event && one.time <= time).length,
      ...(isKnown ? contacted(step) : unknown),
      median_minutes: inMinutes(median),
      median_minutes_low: inMinutes(low),
      median_minutes_high: inMinutes(high),
    };
  });
}

export function contactCurve(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const dimensions = dimensionsOf(parameters.by, '');
  const groups = groupBy(counted, (placed) => keyColumns(placed, facts.agents, dimensions));
  const rows = inOrder(
    groups.flatMap(([key, leads]) => rowsOf(key, leads, parameters)),
    ascendingBy('source'),
    ascendingBy('agent_name'),
    ascendingBy('agent_id'),
    ascendingBy('quality_score'),
    ascendingBy('within_minutes'),
  );
  return { excluded, rows };
}
