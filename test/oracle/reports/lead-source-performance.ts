import { divideRounded, formatCents, twoDecimals } from '../exact.ts';
import { isAttributable, spendBySource } from '../spend.ts';
import type { Answer, Cents, Facts, Parameters, Row } from '../types.ts';
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

/** A row's money, by what was spent on it; null: it cannot be told. */
function moneyColumns(row: Row, spend: Cents | null): Row {
  const perEach = (count: number) =>
    spend && count > 0 ? formatCents(divideRounded(spend, BigInt(count))) : null;
  const revenue = BigInt(String(row.total_revenue ?? '0').replace('.', ''));
  return {
    spend: spend === null ? null : formatCents(spend),
    cost_per_lead: perEach(Number(row.total_leads)),
    cost_per_conversion: perEach(Number(row.conversions)),
    roi: spend ? twoDecimals(100n * (revenue - spend), spend) : null,
  };
}

function spendRows(rows: readonly Row[], facts: Facts, parameters: Parameters): Row[] {
  if (!isAttributable(parameters))
    return rows.map((row) => ({ ...row, ...moneyColumns(row, null) }));
  const spent = spendBySource(facts, parameters);
  const sources = new Set(rows.map((row) => row.source));
  const leadless = [...spent.keys()].filter((source) => !sources.has(source));
  return [...rows, ...leadless.map((source) => groupRow({ source }, [], false))].map((row) => ({
    ...row,
    ...moneyColumns(row, spent.get(String(row.source)) ?? 0n),
  }));
}

export function leadSourcePerformance(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const dimensions = dimensionsOf(parameters.by, 'source');
  const perScore = dimensions.includes('quality_score');
  const groups = groupBy(counted, (placed) => keyColumns(placed, facts.agents, dimensions));
  const withLeads = groups.map(([key, leads]) => groupRow(key, leads, perScore));
  const rows = inOrder(
    spendRows(withLeads, facts, parameters),
    descendingByMoney('total_revenue'),
    descendingBy('conversion_rate'),
    ascendingBy('source'),
    ascendingBy('quality_score'),
    ascendingBy('utm_campaign'),
  );
  return { excluded, rows };
}
