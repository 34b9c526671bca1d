import { POLICIES, slaState } from '../clocks.ts';
import { formatCents, twoDecimals } from '../exact.ts';
import { formatInstant, MINUTE } from '../local-time.ts';
import type { Answer, Facts, Parameters, Row } from '../types.ts';
import { type PlacedLead, selectLeads, selectLeadsOfAllDays } from '../window.ts';
import { agentName, groupBy, isWaiting, rateColumns } from './measures.ts';
import { ascendingBy, descendingByMoney, inOrder } from './order.ts';

const policyName = (id: string | null) => POLICIES.find((one) => one.id === id)?.name ?? null;

export function slaAttainment(facts: Facts, given: Parameters): Answer {
  const parameters: Parameters = { ...given, basis: 'due' };
  const { counted, excluded } = selectLeads(facts, parameters);
  const by = parameters.by ?? 'source';
  const groups = groupBy(counted, ({ lead, state }) => ({
    source: by === 'source' ? lead.source : null,
    agent_id: by === 'agent' ? state.assigned_agent_id : null,
    sla_policy_id: by === 'policy' ? (lead.sla?.policy_id ?? null) : null,
  }));
  const rows = groups.map(([key, leads]) => {
    const states = leads.map((placed) => slaState(placed, parameters.as_of));
    const count = (state: string) => states.filter((one) => one === state).length;
    const [met, late, breached] = [count('met'), count('late'), count('breached')];
    return {
      ...key,
      agent_name: agentName(facts.agents, key.agent_id as string | null),
      policy_name: policyName(key.sla_policy_id as string | null),
      due_leads: met + late + breached,
      met_leads: met,
      late_leads: late,
      breached_leads: breached,
      excused_leads: count('excused'),
      ...rateColumns('attainment', met, met + late + breached),
    };
  });
  const ordered = inOrder(
    rows,
    ascendingBy('attainment'),
    ascendingBy('source'),
    ascendingBy('agent_name'),
    ascendingBy('agent_id'),
    ascendingBy('policy_name'),
  );
  return { excluded, rows: ordered };
}

function waits(placed: PlacedLead, parameters: Parameters): boolean {
  if (placed.state.dead) return false;
  const state = slaState(placed, parameters.as_of);
  return isWaiting(placed) || state === 'pending' || state === 'breached';
}

export function waitingLeads(facts: Facts, parameters: Parameters): Answer {
  const { counted } = selectLeadsOfAllDays(facts, parameters);
  const rows: Row[] = [];
  for (const placed of counted.filter((one) => waits(one, parameters))) {
    const { lead, state } = placed;
    const sla = slaState(placed, parameters.as_of);
    const value = lead.estimated_value ?? null;
    rows.push({
      lead_id: lead.id,
      created_at: formatInstant(lead.created_at),
      waited_minutes: twoDecimals(parameters.as_of - lead.created_at, MINUTE),
      sla_state: sla,
      sla_due_at: lead.sla ? formatInstant(lead.sla.due_at) : null,
      policy_name: policyName(lead.sla?.policy_id ?? null),
      estimated_value: value === null ? null : formatCents(value),
      source: lead.source,
      quality_score: state.quality_score,
      agent_id: state.assigned_agent_id,
      agent_name: agentName(facts.agents, state.assigned_agent_id),
      place: sla === 'breached' ? 1 : sla === 'pending' ? 2 : null,
    });
  }
  const ordered = inOrder(
    rows,
    ascendingBy('place'),
    ascendingBy('created_at'),
    descendingByMoney('estimated_value'),
    ascendingBy('lead_id'),
  );
  const excluded = { test: 0, duplicate: 0 };
  for (const placed of selectLeadsOfAllDays(facts, parameters).left) {
    if (isWaiting(placed)) excluded[placed.lead.is_test ? 'test' : 'duplicate'] += 1;
  }
  return { excluded, rows: ordered.map(({ place: _, ...row }) => row) };
}
