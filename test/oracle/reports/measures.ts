/** The measures that reports share, over placed leads. */

import { hasReached } from '../derive.ts';
import { averageMoney, percent, totalMoney, wilson } from '../exact.ts';
import { type Agent, type Cents, type Micros, type Row, SCORES, type Value } from '../types.ts';
import type { PlacedLead } from '../window.ts';

export type Leads = readonly PlacedLead[];

export function countWhere(leads: Leads, holds: (placed: PlacedLead) => boolean): number {
  return leads.filter(holds).length;
}

export function isConverted(placed: PlacedLead): boolean {
  return placed.state.converted;
}

export function hasReachedContacted(placed: PlacedLead): boolean {
  return hasReached(placed.state, 'contacted');
}

export function hasReachedQualified(placed: PlacedLead): boolean {
  return hasReached(placed.state, 'qualified');
}

/** Nobody has got anywhere with the lead, and it is not dead. */
export function isWaiting(placed: PlacedLead): boolean {
  return placed.state.furthest_stage === 'new' && !placed.state.dead;
}

/** A rate with its number and its Wilson interval. */
export function rateColumns(name: string, part: number, whole: number): Row {
  const { low, high } = wilson(part, whole);
  return {
    [name]: percent(part, whole),
    [`${name}_n`]: whole,
    [`${name}_low`]: low,
    [`${name}_high`]: high,
  };
}

export function notNegative(duration: Micros): Micros {
  return duration < 0n ? 0n : duration;
}

/** The time from creation to the first contact (of a person), null when there is none. */
export function responseTime(placed: PlacedLead, humanOnly = false): Micros | null {
  const { first_human_contact_at, first_contacted_at } = placed.state;
  const contact = humanOnly ? first_human_contact_at : first_contacted_at;
  return contact === null ? null : notNegative(contact - placed.lead.created_at);
}

export function responseTimes(leads: Leads, humanOnly = false): Micros[] {
  return leads
    .map((placed) => responseTime(placed, humanOnly))
    .filter((duration) => duration !== null);
}

function conversionValues(leads: Leads): Cents[] {
  return leads
    .filter(isConverted)
    .map((placed) => placed.state.conversion_value)
    .filter((value) => value !== null);
}

export function totalRevenue(leads: Leads): string | null {
  return totalMoney(conversionValues(leads));
}

export function averageDealValue(leads: Leads): string | null {
  return averageMoney(conversionValues(leads));
}

export function scoreCounts(leads: Leads): Row {
  const counts: Row = {};
  for (const score of SCORES) {
    const name = `${score.toLowerCase()}_leads`;
    counts[name] = countWhere(leads, (placed) => placed.state.quality_score === score);
  }
  return counts;
}

export function unscoredLeads(leads: Leads): number {
  return countWhere(leads, (placed) => placed.state.quality_score === null);
}

export function agentName(agents: readonly Agent[], id: string | null): string | null {
  const agent = agents.find((candidate) => candidate.id === id);
  return agent === undefined ? null : `${agent.first_name} ${agent.last_name}`;
}

/** Leads by the text of a key; groups come in the order of their first lead. */
export function groupBy(leads: Leads, keyOf: (placed: PlacedLead) => Row): [Row, PlacedLead[]][] {
  const groups = new Map<string, [Row, PlacedLead[]]>();
  for (const placed of leads) {
    const key = keyOf(placed);
    const text = JSON.stringify(key);
    const group = groups.get(text);
    if (group) group[1].push(placed);
    else groups.set(text, [key, [placed]]);
  }
  return [...groups.values()];
}

export type GroupKey = {
  source: Value;
  agent_id: Value;
  agent_name: Value;
  quality_score: Value;
  utm_campaign: Value;
};

/** The five key columns of a lead, null where the report does not group by them. */
export function keyColumns(
  placed: PlacedLead,
  agents: readonly Agent[],
  dimensions: readonly string[],
): GroupKey {
  const { lead, state } = placed;
  const grouped = (name: string) => dimensions.includes(name);
  return {
    source: grouped('source') ? lead.source : null,
    agent_id: grouped('agent') ? state.assigned_agent_id : null,
    agent_name: grouped('agent') ? agentName(agents, state.assigned_agent_id) : null,
    quality_score: grouped('quality_score') ? state.quality_score : null,
    utm_campaign: grouped('utm_campaign') ? lead.utm_campaign || null : null,
  };
}

const DIMENSIONS = ['source', 'agent', 'quality_score', 'utm_campaign'];

/** The dimensions of a `by` parameter; an unknown one is the test's mistake. */
export function dimensionsOf(by: string | null, fallback: string): string[] {
  const dimensions = (by ?? fallback).split(',').filter((name) => name !== '');
  for (const name of dimensions) {
    if (!DIMENSIONS.includes(name)) throw new Error(`No dimension ${name}`);
  }
  return dimensions;
}
