import { percent, twoDecimals } from '../exact.ts';
import { DAY, formatInstant } from '../local-time.ts';
import type { Answer, Facts, Micros, Parameters, Row } from '../types.ts';
import { type PlacedLead, selectLeads, selectLeadsOfAllDays } from '../window.ts';
import { agentName, type Leads } from './measures.ts';
import { ascendingBy, descendingBy, inOrder } from './order.ts';

/** An agent with fewer leads than this may well have contacted every one. */
const ENOUGH_LEADS = 20;

function rowOf(finding: string, part: number, whole: number, given: Row = {}): Row {
  return {
    finding,
    source: null,
    agent_id: null,
    agent_name: null,
    leads: part,
    total_leads: whole,
    percentage: percent(part, whole),
    last_lead_at: null,
    silent_days: null,
    mean_gap_days: null,
    ...given,
  };
}

function beganBeforeItCame({ lead, events }: PlacedLead): boolean {
  return events.some((event) => !event.voided && event.created_at < lead.created_at);
}

/** Agents who, by their word, contacted each of at least 20 leads: in person, as of t. */
function tooGoodToBeTrue(facts: Facts, counted: Leads): Row[] {
  const rows: Row[] = [];
  for (const { id } of facts.agents) {
    const leads = counted.filter((placed) => placed.state.assigned_agent_id === id);
    if (leads.length < ENOUGH_LEADS) continue;
    if (leads.some((placed) => placed.state.first_human_contact_at === null)) continue;
    const who = { agent_id: id, agent_name: agentName(facts.agents, id) };
    rows.push(rowOf('agent_contacts_every_lead', leads.length, leads.length, who));
  }
  return inOrder(rows, descendingBy('leads'), ascendingBy('agent_name'), ascendingBy('agent_id'));
}

type Silence = { last: Micros; silence: Micros; recent: bigint };

/** Null while a source still speaks, or spoke too seldom to tell. */
function silenceOf(times: readonly Micros[], t: Micros): Silence | null {
  const last = times.reduce((latest, time) => (time > latest ? time : latest));
  const recent = BigInt(times.filter((time) => time > last - 28n * DAY).length);
  const silence = t - last;
  if (recent < 5n || silence <= 3n * DAY) return null;
  // Longer than five mean gaps of 28 days / recent.
  return silence * recent > 5n * 28n * DAY ? { last, silence, recent } : null;
}

/** By the whole history of the source, whatever the window and the other filters. */
function silentSources(facts: Facts, parameters: Parameters, counted: Leads): Row[] {
  const unfiltered = { ...parameters, agent_id: null, quality_score: null, utm_campaign: null };
  const ever = selectLeadsOfAllDays(facts, unfiltered).counted.map((placed) => placed.lead);
  const rows: Row[] = [];
  for (const source of new Set(ever.map((lead) => lead.source))) {
    const times = ever.filter((lead) => lead.source === source).map((lead) => lead.created_at);
    const silence = silenceOf(times, parameters.as_of);
    if (silence === null) continue;
    const here = counted.filter((placed) => placed.lead.source === source).length;
    const given: Row = {
      source,
      last_lead_at: formatInstant(silence.last),
      silent_days: twoDecimals(silence.silence, DAY),
      mean_gap_days: twoDecimals(28n, silence.recent),
    };
    rows.push(rowOf('source_silent', here, here, given));
  }
  return inOrder(rows, descendingBy('last_lead_at'), descendingBy('leads'), ascendingBy('source'));
}

export function dataQuality(facts: Facts, parameters: Parameters): Answer {
  const { counted, excluded } = selectLeads(facts, parameters);
  const overall = (finding: string, holds: (placed: PlacedLead) => boolean) =>
    rowOf(finding, counted.filter(holds).length, counted.length);
  const rows = [
    overall('events_before_creation', beganBeforeItCame),
    overall(
      'closed_without_contact',
      ({ state }) => state.closed_at !== null && state.first_contacted_at === null,
    ),
    overall('unscored', ({ state }) => state.quality_score === null),
    overall('unassigned', ({ state }) => state.assigned_agent_id === null),
    ...tooGoodToBeTrue(facts, counted),
    ...silentSources(facts, parameters, counted),
  ];
  return { excluded, rows };
}
