import { percent, twoDecimals } from '../exact.ts';
import type { Answer, Experiment, Facts, Parameters, Row } from '../types.ts';
import { type PlacedLead, selectLeads, selectLeadsOfAllDays } from '../window.ts';
import { countWhere, isConverted } from './measures.ts';
import { ascendingBy, inOrder } from './order.ts';

/** Whether a lead is a success, by the experiment's metric. */
const SUCCESS: Record<string, (placed: PlacedLead) => boolean> = {
  conversion_rate: isConverted,
  response_rate: ({ state }) => state.first_contacted_at !== null,
  appointment_rate: ({ state }) => state.appointment_at !== null,
  qualified_rate: ({ state }) => state.qualified_at !== null,
  reply_rate: ({ state }) => state.first_responded_at !== null,
  dead_rate: ({ state }) => state.dead_at !== null,
};

type Arm = { n: number; successes: number | null };

/** 100 · (treatment − control) / control, of the unrounded rates. */
function lift(control: Arm, treatment: Arm): number | null {
  if (control.successes === null || treatment.successes === null) return null;
  if (control.successes === 0 || treatment.n === 0) return null;
  const controlShare = BigInt(control.successes) * BigInt(treatment.n);
  const treatmentShare = BigInt(treatment.successes) * BigInt(control.n);
  return twoDecimals(100n * (treatmentShare - controlShare), controlShare);
}

function experimentRow(experiment: Experiment, facts: Facts, counted: PlacedLead[]): Row {
  const succeeds = SUCCESS[experiment.primary_metric];
  const armOf = (group: string): Arm => {
    const members = facts.assignments
      .filter((one) => one.experiment_id === experiment.id && one.group_name === group)
      .map((one) => one.lead_id);
    const leads = counted.filter((placed) => members.includes(placed.lead.id));
    return { n: leads.length, successes: succeeds ? countWhere(leads, succeeds) : null };
  };
  const shown = (arm: Arm) => (arm.successes === null ? null : percent(arm.successes, arm.n));
  const control = armOf('control');
  const treatment = armOf('treatment');
  return {
    name: experiment.name,
    primary_metric: experiment.primary_metric,
    control_n: control.n,
    control_pct: shown(control),
    treatment_n: treatment.n,
    treatment_pct: shown(treatment),
    lift_pct: lift(control, treatment),
  };
}

/**
 * Counts and rates of every experiment. An experiment has its own leads, of whatever day: the
 * window narrows them when `inWindowOnly` says so.
 */
export function experimentResults(
  facts: Facts,
  parameters: Parameters,
  inWindowOnly = false,
): Answer {
  const assigned = new Set(facts.assignments.map((assignment) => assignment.lead_id));
  const leads = facts.leads.filter((lead) => assigned.has(lead.id));
  const select = inWindowOnly ? selectLeads : selectLeadsOfAllDays;
  const { counted, excluded } = select({ ...facts, leads }, parameters);
  const experiments = inOrder(facts.experiments, ascendingBy('name'), ascendingBy('id'));
  return { excluded, rows: experiments.map((one) => experimentRow(one, facts, counted)) };
}
