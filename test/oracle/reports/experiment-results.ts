import { percent } from '../exact.ts';
import { agentOf, arithmeticOf, armOf, type Person, peopleOf } from '../experiment-people.ts';
import { testsOf } from '../experiment-tests.ts';
import { DAY, formatInstant, HOUR } from '../local-time.ts';
import type { Answer, Experiment, Facts, Micros, Parameters, Row } from '../types.ts';
import { ascendingBy, inOrder } from './order.ts';

/** How an experiment stood: one without a record of when it took leads in, as it stands today. */
export function statusAt(experiment: Experiment, at: Micros): string {
  const { status, started_at, ended_at, spans } = experiment;
  if (status === 'completed' && (ended_at === null || ended_at <= at)) return 'completed';
  if (status === 'draft' || (started_at !== null && started_at > at)) return 'draft';
  if (spans.length === 0) return status === 'paused' ? 'paused' : 'running';
  const isOpen = spans.some(([from, to]) => from <= at && (to === null || at < to));
  return isOpen ? 'running' : 'paused';
}

/** The look that comes next, and when as many people will be there. */
function nextLook(experiment: Experiment, people: readonly Person[], as_of: Micros): Row {
  const { looks, taken, target_sample_size, max_duration_days, min_duration_days } = experiment;
  const none = { next_look_leads: null, next_look_at: null };
  const status = statusAt(experiment, as_of);
  if (status !== 'running' && status !== 'paused') return none;
  const behind = taken
    .filter((look) => look.taken_at <= as_of)
    .reduce((most, { planned }) => Math.max(most, planned ?? 0), 0);
  const share = looks[behind];
  if (share === undefined) return none;
  const needed = Math.ceil(share * target_sample_size - 1e-9);
  const started = experiment.started_at ?? experiment.created_at;
  const counted = people
    .filter((person) => person.reason === null)
    .sort((a, b) => (a.assigned_at < b.assigned_at ? -1 : 1));
  const last = counted[needed - 1]?.assigned_at;
  const latest = started + BigInt(max_duration_days) * DAY;
  const earliest = started + BigInt(min_duration_days) * DAY;
  const missing = BigInt(needed - counted.length);
  const arrives =
    last ??
    (status === 'running' && counted.length > 0
      ? as_of + ((as_of - started) * missing) / BigInt(counted.length)
      : null);
  const grown = arrives === null ? latest : arrives + windowOf(experiment);
  const at = [earliest, grown].reduce((a, b) => (a > b ? a : b));
  const planned = at < latest ? at : latest;
  return {
    next_look_leads: needed,
    next_look_at: formatInstant(planned > as_of ? planned : as_of),
  };
}

const HOURS: Record<string, number> = {
  response_rate: 72,
  reply_rate: 72,
  time_to_contact: 24,
  conversion_rate: 60 * 24,
};

function windowOf({ outcome_window_hours, primary_metric }: Experiment): Micros {
  return BigInt(outcome_window_hours ?? HOURS[primary_metric] ?? 30 * 24) * HOUR;
}

function decisionOf(experiment: Experiment, as_of: Micros): Row {
  const { decision, decision_code, decision_reason, decided_at, decided_because } = experiment;
  const isKnown = decided_at === null || decided_at <= as_of;
  const recommended = experiment.taken.filter((look) => look.taken_at <= as_of).at(-1)?.decision;
  const why = decided_at !== null && isKnown && decided_because !== null;
  const sentences = [
    ...(decision_reason === null ? [] : [decision_reason]),
    ...(why ? [`Decided ${decision}: ${decided_because}`] : []),
  ];
  return {
    decision: isKnown ? decision : (recommended ?? null),
    decision_code,
    decision_reason: sentences.length > 0 ? sentences.join(' ') : null,
  };
}

function experimentRow(experiment: Experiment, facts: Facts, parameters: Parameters): Row {
  const { viewer, as_of } = parameters;
  const { ended_at } = experiment;
  const then = ended_at !== null && ended_at < as_of ? ended_at : as_of;
  const window = windowOf(experiment);
  const people = peopleOf(facts, { experiment, then, window }).filter(
    ({ agent_id }) => viewer === null || agent_id === viewer,
  );
  const arms = {
    control: armOf(people, { treated: false, window, then }),
    treatment: armOf(people, { treated: true, window, then }),
  };
  const isOver = statusAt(experiment, as_of) === 'completed';
  const mature = arms.control.mature.length + arms.treatment.mature.length;
  const whole = viewer === null;
  return {
    name: experiment.name,
    primary_metric: experiment.primary_metric,
    experiment_id: experiment.id,
    status: statusAt(experiment, as_of),
    ...arithmeticOf(experiment, arms),
    ...testsOf({ experiment, arms, people, then, as_of, isOver, whole }),
    information_pct: whole ? percent(mature, experiment.target_sample_size) : null,
    ...(whole
      ? nextLook(experiment, people, as_of)
      : { next_look_leads: null, next_look_at: null }),
    ...(whole && isOver
      ? decisionOf(experiment, as_of)
      : { decision: null, decision_code: null, decision_reason: null }),
  };
}

/** Leads in an experiment that are left out as tests or duplicates. */
function excludedOf({ leads, assignments }: Facts, { as_of }: Parameters, own: Set<string> | null) {
  const assigned = new Set(
    assignments.filter((one) => one.assigned_at <= as_of).map((one) => one.lead_id),
  );
  const left = leads.filter(
    ({ id, is_test, duplicate_of }) =>
      assigned.has(id) && (own === null || own.has(id)) && (is_test || duplicate_of !== null),
  );
  const test = left.filter((lead) => lead.is_test).length;
  return { test, duplicate: left.length - test };
}

/** Every experiment that was there, over the people whose time was up. */
export function experimentResults(facts: Facts, parameters: Parameters): Answer {
  const { as_of, viewer } = parameters;
  const own =
    viewer === null
      ? null
      : new Set(
          facts.leads.filter((lead) => agentOf(facts, lead) === viewer).map((lead) => lead.id),
        );
  const experiments = inOrder(
    facts.experiments
      .filter((one) => one.created_at <= as_of)
      .map((one) => ({ id: one.id, name: one.name })),
    ascendingBy('name'),
    ascendingBy('id'),
  );
  const known = new Map(facts.experiments.map((one) => [one.id, one]));
  return {
    excluded: excludedOf(facts, parameters, own),
    rows: experiments.map(({ id }) =>
      experimentRow(known.get(id) as Experiment, facts, parameters),
    ),
  };
}
