import type { Answer, Facts, Parameters, Row } from '../types.ts';
import { selectLeads } from '../window.ts';
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
  rateColumns,
  scoreCounts,
  totalRevenue,
  unscoredLeads,
} from './measures.ts';
import { ascendingBy, descendingBy, descendingByMoney, inOrder } from './order.ts';

function groupRow(key: Row, leads: Leads, perScore: boolean): Row {
  const conversions = countWhere(leads, isConverted);
  return {
    source: key.source ?? null,
    total_leads: leads.length,
    conversions,
    ...rateColumns('conversion_rate', conversions, leads.length),
    avg_deal_value: averageDealValue(leads),
    total_revenue: totalRevenue(leads),
    quality_score: key.quality_score ?? null,
    leads_by_score: perScore ? leads.length : null,
    agent_id: key.agent_id ?? null,
    agent_name: key.agent_name ?? null,
    utm_campaign: key.utm_campaign ?? null,
    contacted_leads: countWhere(leads, hasReachedContacted),
    qualified_leads: countWhere(leads, hasReachedQualified),
    ...scoreCounts(leads),
    unscored_leads: unscoredLeads(leads),
  };
}

/** Without spend and what follows from it. */
export function leadSourcePerformance(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const dimensions = dimensionsOf(parameters.by, 'source');
  const perScore = dimensions.includes('quality_score');
  const groups = groupBy(counted, (placed) => keyColumns(placed, facts.agents, dimensions));
  const rows = inOrder(
    groups.map(([key, leads]) => groupRow(key, leads, perScore)),
    descendingByMoney('total_revenue'),
    descendingBy('conversion_rate'),
    ascendingBy('source'),
    ascendingBy('quality_score'),
    ascendingBy('utm_campaign'),
  );
  return { excluded, rows };
}
