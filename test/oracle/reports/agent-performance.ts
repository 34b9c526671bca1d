import { interpolatedMinutes, meanDuration } from '../exact.ts';
import { MINUTE } from '../local-time.ts';
import type { Answer, Facts, Micros, Parameters, Row } from '../types.ts';
import { type PlacedLead, selectLeads } from '../window.ts';
import {
  agentName,
  countWhere,
  isConverted,
  type Leads,
  notNegative,
  rateColumns,
  totalRevenue,
} from './measures.ts';
import { ascendingBy, descendingBy, inOrder } from './order.ts';

/** Fewer leads than this say too little to rank an agent. */
const ENOUGH_LEADS = 20;

/** From the later of creation and assignment to the agent's own first contact by t. */
function agentClock(placed: PlacedLead, t: Micros): Micros | null {
  const { assigned_agent_id, assigned_at } = placed.state;
  if (assigned_agent_id === null || assigned_at === null) return null;
  let contact: Micros | null = null;
  for (const event of placed.events) {
    if (event.voided || event.event_type !== 'contacted' || event.created_at > t) continue;
    if (event.agent_id !== assigned_agent_id) continue;
    if (contact === null || event.created_at < contact) contact = event.created_at;
  }
  if (contact === null) return null;
  let start = placed.lead.created_at;
  if (assigned_at > start) start = assigned_at;
  return notNegative(contact - start);
}

function agentRow(name: string | null, id: string | null, leads: Leads, t: Micros): Row {
  const conversions = countWhere(leads, isConverted);
  const times = leads.map((placed) => agentClock(placed, t)).filter((time) => time !== null);
  return {
    agent_name: name,
    leads_assigned: leads.length,
    conversions,
    ...rateColumns('conversion_rate', conversions, leads.length),
    avg_response_minutes: meanDuration(times, MINUTE),
    total_revenue: totalRevenue(leads),
    agent_id: id,
    median_response_minutes: interpolatedMinutes(times, 5),
    low_data: leads.length < ENOUGH_LEADS,
  };
}

export function agentPerformance(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const { agent_id: wanted, as_of } = parameters;
  const leadsOf = (id: string | null) =>
    counted.filter((placed) => placed.state.assigned_agent_id === id);
  const rows: Row[] = [];
  for (const agent of facts.agents) {
    if (wanted !== null && wanted !== agent.id) continue;
    const leads = leadsOf(agent.id);
    if (leads.length === 0 && !agent.active) continue;
    rows.push(agentRow(agentName(facts.agents, agent.id), agent.id, leads, as_of));
  }
  const unassigned = leadsOf(null);
  if (unassigned.length > 0) rows.push(agentRow(null, null, unassigned, as_of));
  const orders = [descendingBy('conversion_rate'), ascendingBy('agent_name')];
  return { excluded, rows: inOrder(rows, ...orders, ascendingBy('agent_id')) };
}
