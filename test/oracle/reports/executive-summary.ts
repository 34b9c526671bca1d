import { interpolatedMinutes, meanDuration } from '../exact.ts';
import { MINUTE } from '../local-time.ts';
import type { Answer, Facts, Parameters } from '../types.ts';
import { selectLeads } from '../window.ts';
import {
  averageDealValue,
  countWhere,
  hasReachedContacted,
  isConverted,
  isWaiting,
  rateColumns,
  responseTimes,
  scoreCounts,
  totalRevenue,
  unscoredLeads,
} from './measures.ts';

export function executiveSummary(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const conversions = countWhere(counted, isConverted);
  const times = responseTimes(counted);
  const row = {
    total_leads: counted.length,
    active_sources: new Set(counted.map((placed) => placed.lead.source)).size,
    conversions,
    ...rateColumns('conversion_rate', conversions, counted.length),
    avg_response_minutes: meanDuration(times, MINUTE),
    total_revenue: totalRevenue(counted),
    avg_deal_value: averageDealValue(counted),
    ...scoreCounts(counted),
    unscored_leads: unscoredLeads(counted),
    contacted_leads: countWhere(counted, hasReachedContacted),
    waiting_leads: countWhere(counted, isWaiting),
    median_response_minutes: interpolatedMinutes(times, 5),
  };
  return { excluded, rows: [row] };
}
