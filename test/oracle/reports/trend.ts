import { meanDuration } from '../exact.ts';
import { addDays, bucketOf, DAY, endOfBucket, localDate, MINUTE } from '../local-time.ts';
import type { Answer, Facts, Parameters, Row } from '../types.ts';
import { selectLeads, selectLeadsAsStored } from '../window.ts';
import {
  averageDealValue,
  countWhere,
  dimensionsOf,
  groupBy,
  hasReachedContacted,
  hasReachedQualified,
  isConverted,
  keyColumns,
  type Leads,
  notNegative,
  rateColumns,
  responseTimes,
  totalRevenue,
} from './measures.ts';
import { ascendingBy, inOrder } from './order.ts';

function trendColumns(leads: Leads): Row {
  const contacted = countWhere(leads, hasReachedContacted);
  const qualified = countWhere(leads, hasReachedQualified);
  const converted = countWhere(leads, isConverted);
  const conversionTimes = leads.flatMap(({ lead, state }) =>
    state.converted_at === null ? [] : [notNegative(state.converted_at - lead.created_at)],
  );
  return {
    total_leads: leads.length,
    contacted_leads: contacted,
    qualified_leads: qualified,
    converted_leads: converted,
    ...rateColumns('contact_rate', contacted, leads.length),
    ...rateColumns('qualification_rate', qualified, leads.length),
    ...rateColumns('conversion_rate', converted, leads.length),
    avg_time_to_contact_minutes: meanDuration(responseTimes(leads), MINUTE),
    avg_days_to_convert: meanDuration(conversionTimes, DAY),
    total_revenue: totalRevenue(leads),
    avg_deal_value: averageDealValue(leads),
  };
}

/** The buckets that have a day in the window. */
function bucketsOf(parameters: Parameters): string[] {
  const buckets = new Set<string>();
  for (let day = parameters.from; day < parameters.to; day = addDays(day, 1)) {
    buckets.add(bucketOf(day, parameters.bucket));
  }
  return [...buckets];
}

/** Not wholly inside the window, or not over. */
function isPartial(start: string, parameters: Parameters): boolean {
  const end = endOfBucket(start, parameters.bucket);
  if (start < parameters.from || parameters.to < end) return true;
  return localDate(parameters.as_of, parameters.timezone) < end;
}

export function trend(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const buckets = Map.groupBy(counted, ({ day }) => bucketOf(day ?? '', parameters.bucket));
  const rows = bucketsOf(parameters).map((start) => {
    const leads = buckets.get(start) ?? [];
    return { date: start, ...trendColumns(leads), partial: isPartial(start, parameters) };
  });
  return { excluded, rows };
}

/** The view's leads are those stored at its refresh: `facts` hold nothing later. */
export function leadMetrics(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeadsAsStored(facts, parameters);
  const dimensions = dimensionsOf(parameters.by, '');
  const groups = groupBy(counted, (placed) => ({
    date: bucketOf(placed.day ?? '', parameters.bucket),
    ...keyColumns(placed, facts.agents, dimensions),
  }));
  const rows = groups.map(([key, leads]) => ({
    date: key.date ?? null,
    source: key.source ?? null,
    quality_score: key.quality_score ?? null,
    assigned_agent_id: key.agent_id ?? null,
    ...trendColumns(leads),
    agent_id: key.agent_id ?? null,
    agent_name: key.agent_name ?? null,
    utm_campaign: null,
    partial: isPartial(String(key.date), parameters),
  }));
  const keys = ['date', 'source', 'quality_score', 'agent_name', 'agent_id'];
  return { excluded, rows: inOrder(rows, ...keys.map(ascendingBy)) };
}
