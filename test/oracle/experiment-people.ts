/** Who is in an experiment, who of them counts, and what became of them. */

import { type LeadState, stateAsOf } from './derive.ts';
import { percent, twoDecimals } from './exact.ts';
import { MINUTE } from './local-time.ts';
import type { Assignment, EventFact, Experiment, Facts, LeadFact, Micros, Row } from './types.ts';

/** A person, for whom the first lead stands that is no test and no duplicate. */
export type Person = {
  lead_id: string;
  agent_id: string | null;
  assigned_at: Micros;
  treated: boolean;
  reason: 'both_arms' | 'test' | 'duplicate' | 'contacted_before' | null;
  /** The outcome, where there was one, in its time. */
  at: Micros | null;
};

const OUTCOME: Record<string, (state: LeadState) => Micros | null> = {
  conversion_rate: (state) => state.converted_at,
  response_rate: (state) => state.first_contacted_at,
  appointment_rate: (state) => state.appointment_at,
  qualified_rate: (state) => state.qualified_at,
  reply_rate: (state) => state.first_responded_at,
  dead_rate: (state) => state.dead_at,
  time_to_contact: (state) => state.first_contacted_at,
};

type Known = {
  leads: Map<string, LeadFact>;
  events: Map<string, EventFact[]>;
  assignments: Map<string, Assignment[]>;
};

/** The same facts are asked for report after report. */
const indices = new WeakMap<Facts, Known>();

function indexOf(facts: Facts): Known {
  const known = indices.get(facts) ?? {
    leads: new Map(facts.leads.map((lead) => [lead.id, lead])),
    events: Map.groupBy(facts.events, (event) => event.lead_id),
    assignments: Map.groupBy(facts.assignments, (one) => one.experiment_id),
  };
  indices.set(facts, known);
  return known;
}

/** As a lead stands today. */
export function agentOf(facts: Facts, lead: LeadFact): string | null {
  return stateAsOf(lead, indexOf(facts).events.get(lead.id) ?? [], null).assigned_agent_id;
}

type Asked = { experiment: Experiment; then: Micros; window: Micros };

/** Everybody who was in it then, in the order of coming. */
export function peopleOf(facts: Facts, { experiment, then, window }: Asked): Person[] {
  const { leads, events, assignments } = indexOf(facts);
  const assigned = (assignments.get(experiment.id) ?? []).filter(
    (one) => one.assigned_at <= then && leads.has(one.lead_id),
  );
  const units = Map.groupBy(assigned, (one) => one.unit_id ?? one.lead_id);
  const isLeftOut = ({ lead_id }: Assignment) => {
    const lead = leads.get(lead_id);
    return lead?.is_test || lead?.duplicate_of !== null;
  };
  const people = [...units.values()].map((unit): Person => {
    const sorted = unit.toSorted((one, other) =>
      one.assigned_at === other.assigned_at
        ? Number(one.id > other.id) - 0.5
        : one.assigned_at < other.assigned_at
          ? -1
          : 1,
    );
    const first = (sorted.find((one) => !isLeftOut(one)) ?? sorted[0]) as Assignment;
    const lead = leads.get(first.lead_id) as LeadFact;
    const state = stateAsOf(lead, events.get(lead.id) ?? [], then);
    const contact = state.first_contacted_at;
    const isMixed = new Set(unit.map((one) => one.group_name)).size > 1;
    const at = OUTCOME[experiment.primary_metric]?.(state) ?? null;
    const reason =
      isMixed || unit.some((one) => one.in_both_arms)
        ? 'both_arms'
        : lead.is_test
          ? 'test'
          : lead.duplicate_of !== null
            ? 'duplicate'
            : contact !== null && contact < first.assigned_at - MINUTE
              ? 'contacted_before'
              : null;
    return {
      lead_id: lead.id,
      agent_id: state.assigned_agent_id,
      assigned_at: first.assigned_at,
      treated: first.group_name === 'treatment',
      reason,
      at: at !== null && at <= first.assigned_at + window ? at : null,
    };
  });
  return people.toSorted((one, other) =>
    one.assigned_at === other.assigned_at
      ? Number(one.lead_id > other.lead_id) - 0.5
      : one.assigned_at < other.assigned_at
        ? -1
        : 1,
  );
}

/** Those of an arm who count: assigned, and whose time is up; how long each took, capped. */
export type Arm = { assigned: number; mature: Person[]; x: number; times: Micros[] };

export function armOf(
  people: readonly Person[],
  { treated, window, then }: { treated: boolean; window: Micros; then: Micros },
): Arm {
  const assigned = people.filter((one) => one.treated === treated && one.reason === null);
  const mature = assigned.filter((one) => one.assigned_at + window <= then);
  return {
    assigned: assigned.length,
    mature,
    x: mature.filter((one) => one.at !== null).length,
    times: mature.map((one) =>
      one.at === null ? window : one.at < one.assigned_at ? 0n : one.at - one.assigned_at,
    ),
  };
}

export type Arms = { control: Arm; treatment: Arm };

const sum = (times: readonly Micros[]) => times.reduce((total, time) => total + time, 0n);

/** What takes no test. */
export function arithmeticOf({ primary_metric }: Experiment, { control, treatment }: Arms): Row {
  const isTime = primary_metric === 'time_to_contact';
  const [n, m] = [BigInt(treatment.mature.length), BigInt(control.mature.length)];
  const isEmpty = n * m === 0n;
  const mean = ({ times }: Arm) =>
    isTime && times.length > 0 ? twoDecimals(sum(times), BigInt(times.length) * MINUTE) : null;
  const share = ({ x, mature }: Arm) => (isTime ? null : percent(x, mature.length));
  const [treated, other] = isTime
    ? [sum(treatment.times) * m, sum(control.times) * n]
    : [BigInt(treatment.x) * m, BigInt(control.x) * n];
  const difference = (unit: bigint, of: bigint) =>
    isEmpty ? null : twoDecimals(of * (treated - other), n * m * unit);
  return {
    control_n: Number(m),
    control_pct: share(control),
    treatment_n: Number(n),
    treatment_pct: share(treatment),
    lift_pct: isEmpty || other === 0n ? null : twoDecimals(100n * (treated - other), other),
    control_assigned: control.assigned,
    treatment_assigned: treatment.assigned,
    control_pending: control.assigned - control.mature.length,
    treatment_pending: treatment.assigned - treatment.mature.length,
    control_minutes: mean(control),
    treatment_minutes: mean(treatment),
    difference_points: isTime ? null : difference(1n, 100n),
    difference_minutes: isTime ? difference(MINUTE, 1n) : null,
    win_probability_pct: isTime && !isEmpty ? winsOf(treatment.times, control.times) : null,
  };
}

/** The share of pairs in which treatment was sooner, ties by half. */
function winsOf(treatment: readonly Micros[], control: readonly Micros[]): number | null {
  let halves = 0;
  for (const time of treatment) {
    for (const other of control) halves += time < other ? 2 : time === other ? 1 : 0;
  }
  return percent(halves, 2 * treatment.length * control.length);
}
