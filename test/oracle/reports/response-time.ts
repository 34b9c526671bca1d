import { discreteMinutes, interpolatedMinutes, meanDuration } from '../exact.ts';
import { HOUR, MINUTE } from '../local-time.ts';
import type { Answer, Facts, Micros, Parameters, Row } from '../types.ts';
import { type PlacedLead, selectLeads } from '../window.ts';
import {
  countWhere,
  dimensionsOf,
  groupBy,
  isWaiting,
  keyColumns,
  type Leads,
  rateColumns,
  responseTime,
  responseTimes,
} from './measures.ts';
import { ascendingBy, inOrder } from './order.ts';

type Within = { responded: number; oldEnough: number };

/** Leads of age X at least, and those of them contacted less than X after creation. */
function within(leads: Leads, limit: Micros, parameters: Parameters): Within {
  let responded = 0;
  let oldEnough = 0;
  for (const placed of leads) {
    if (parameters.as_of - placed.lead.created_at < limit) continue;
    oldEnough += 1;
    const time = responseTime(placed, parameters.human_only);
    if (time !== null && time < limit) responded += 1;
  }
  return { responded, oldEnough };
}

/** Without a person's contact, or without having got anywhere, and not dead. */
function isStillWaiting(placed: PlacedLead, humanOnly: boolean): boolean {
  if (!humanOnly) return isWaiting(placed);
  return placed.state.first_human_contact_at === null && !placed.state.dead;
}

function groupRow(key: Row, leads: Leads, parameters: Parameters): Row {
  const human = parameters.human_only;
  const times = responseTimes(leads, human);
  const allTimes = leads.map((placed) => responseTime(placed, human));
  const hour = within(leads, HOUR, parameters);
  const fiveMinutes = within(leads, 5n * MINUTE, parameters);
  const quarter = within(leads, 15n * MINUTE, parameters);
  const day = within(leads, 24n * HOUR, parameters);
  return {
    source: key.source ?? null,
    total_leads: leads.length,
    contacted_leads: times.length,
    avg_response_minutes: meanDuration(times, MINUTE),
    median_response_minutes: interpolatedMinutes(times, 5),
    responded_within_1hr: hour.responded,
    ...rateColumns('pct_within_1hr', hour.responded, hour.oldEnough),
    agent_id: key.agent_id ?? null,
    agent_name: key.agent_name ?? null,
    quality_score: key.quality_score ?? null,
    utm_campaign: key.utm_campaign ?? null,
    waiting_leads: countWhere(leads, (placed) => isStillWaiting(placed, human)),
    p90_response_minutes: interpolatedMinutes(times, 9),
    median_all_minutes: discreteMinutes(allTimes, 5),
    p90_all_minutes: discreteMinutes(allTimes, 9),
    responded_within_5min: fiveMinutes.responded,
    responded_within_15min: quarter.responded,
    responded_within_24hr: day.responded,
    ...rateColumns('pct_within_5min', fiveMinutes.responded, fiveMinutes.oldEnough),
    ...rateColumns('pct_within_15min', quarter.responded, quarter.oldEnough),
    ...rateColumns('pct_within_24hr', day.responded, day.oldEnough),
  };
}

export function responseTimeReport(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const dimensions = dimensionsOf(parameters.by, 'source');
  const groups = groupBy(counted, (placed) => keyColumns(placed, facts.agents, dimensions));
  const rows = inOrder(
    groups.map(([key, leads]) => groupRow(key, leads, parameters)),
    ascendingBy('avg_response_minutes'),
    ascendingBy('source'),
    ascendingBy('agent_name'),
    ascendingBy('agent_id'),
    ascendingBy('quality_score'),
  );
  return { excluded, rows };
}
