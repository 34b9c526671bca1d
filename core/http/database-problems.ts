import type { DatabaseError } from '../database/errors.ts';
import { experimentMeanings, type Meaning } from './experiment-problems.ts';
import { type Fault, Problem, problemAt } from './problem.ts';

/** An id that was acknowledged with 202 is not there yet. */
export const unknownLeadId =
  'No lead has this id. One that was answered with 202 is there once the database has taken it.';

const ownLeadsOnly =
  'An agent takes in own leads: name nobody else here, and hand the lead over afterwards.';

/** What breaking a constraint means to a caller, by the constraint's name. */
const meanings = {
  agent_id_known: { pointer: '/agent_id', detail: 'No agent has this id.' },
  agent_external_id_known: {
    pointer: '/agent_external_id',
    detail: 'No agent has this external id.',
  },
  agent_id_own: { pointer: '/agent_id', detail: ownLeadsOnly },
  agent_external_id_own: { pointer: '/agent_external_id', detail: ownLeadsOnly },
  leads_own: { pointer: '', detail: 'This lead is there already, and it is not yours.' },
  skill_id_known: { pointer: '/skill_id', detail: 'No skill has this id.' },
  skill_known: { pointer: '/skill', detail: 'No skill has this name.' },
  event_source_known: { pointer: '/event_source', detail: 'No skill has this name.' },
  lead_events_skill_agrees: {
    pointer: '/event_source',
    detail: 'An event of a skill has the event source "skill:<name>" of that very skill.',
  },
  lead_id_known: { pointer: '/lead_id', detail: unknownLeadId },
  lead_external_id_known: {
    pointer: '/lead_external_id',
    detail: 'No lead has this external id.',
  },
  lead_external_id_one: {
    pointer: '/lead_external_id',
    detail: 'Leads of several sources have this external id: name the one with "lead_source".',
  },
  lead_id_is_another: {
    pointer: '/id',
    detail: 'This id is that of another lead: it has another "source" or "external_id".',
  },
  event_id_is_another: {
    pointer: '/id',
    detail: 'This id is that of another event: it has another lead or "external_id".',
  },
  lead_events_not_in_the_future: {
    pointer: '/created_at',
    detail: 'An event cannot be more than 5 minutes in the future.',
  },
  lead_events_details_size: { pointer: '/details', detail: '"details" is larger than 8 KB.' },
  leads_not_in_the_future: {
    pointer: '/created_at',
    detail: 'A lead cannot be more than 5 minutes in the future.',
  },
  leads_duplicate_of_fkey: { pointer: '/duplicate_of', detail: unknownLeadId },
  leads_duplicate_of_another: {
    pointer: '/duplicate_of',
    detail: 'A lead is not a duplicate of itself.',
  },
  leads_duplicate_of_original: {
    pointer: '/duplicate_of',
    detail:
      'The original may not be a duplicate itself, and a lead that has duplicates cannot become ' +
      'one: GET /v1/leads?duplicate_of=<id> lists them.',
  },
  reassign_to_known: {
    pointer: '/reassign_to',
    detail: 'No active agent has this id.',
  },
  leads_raw_data_size: { pointer: '/raw_data', detail: '"raw_data" is larger than 32 KB.' },
  leads_notes_size: { pointer: '/notes', detail: '"notes" is larger than 8 KB.' },
  agent_profiles_external_id_key: {
    status: 409,
    pointer: '/external_id',
    detail: 'Another agent has this external id.',
  },
  key_in_use: {
    status: 409,
    pointer: '',
    detail: 'This key is revoked, or another one is taking its place: make a new one.',
  },
  agent_profiles_identity_subject_key: {
    status: 409,
    pointer: '/identity_subject',
    detail: 'Another agent is this person.',
  },
  lead_skills_config_size: { pointer: '/config', detail: '"config" is larger than 8 KB.' },
  spend_days: {
    pointer: '/to',
    detail: '"to" must be 1 to 366 days after "from": it is the first day that no longer counts.',
  },
  spend_not_far_ahead: {
    pointer: '/to',
    detail: 'Spend may be told for days up to a year ahead.',
  },
  report_window_length: {
    status: 400,
    pointer: '/query/to',
    detail: '"to" may be at most 5 years after "from".',
  },
  corrections_before_size: {
    pointer: '',
    detail: 'What stood there before is larger than 60 KB: change less at once.',
  },
  idempotency_key_one_request: {
    pointer: '/header/idempotency-key',
    detail: 'Another request came under this Idempotency-Key. Give this one a key of its own.',
  },
  hook_mappings_secrets: {
    pointer: '/secrets',
    detail: 'A kind other than "key" needs one or two "secrets", and "key" takes none.',
  },
  hook_mappings_mapping_size: { pointer: '/mapping', detail: '"mapping" is larger than 8 KB.' },
  sla_policies_name_key: {
    status: 409,
    pointer: '/name',
    detail: 'There is a policy of this name already.',
  },
  alert_rules_name_key: {
    status: 409,
    pointer: '/name',
    detail: 'There is a rule of this name already.',
  },
  alert_rules_threshold: {
    pointer: '/threshold',
    detail: 'Where too little is bad "threshold" is above 0, and of a percentage at most 100.',
  },
  alert_rules_recover_threshold: {
    pointer: '/recover_threshold',
    detail:
      '"recover_threshold" is "threshold" or on its good side: below it where too much is bad, ' +
      'above it where too little is, and of a percentage at most 100.',
  },
  alert_rules_window: {
    pointer: '/window_hours',
    detail:
      'This metric needs "window_hours"; breached_leads, oldest_waiting_minutes and ' +
      'source_silence_hours take none.',
  },
  alert_rules_minimum_leads: {
    pointer: '/minimum_leads',
    detail: 'What is counted, or waits, is told from the first lead on: no "minimum_leads" but 1.',
  },
  alert_rules_split_of_one: {
    pointer: '/split_by',
    detail: 'A rule about one source or agent is not split by it.',
  },
  alert_rules_silence_of_sources: {
    pointer: '/split_by',
    detail: 'Sources go silent: split it by "source" or name one, and no agent.',
  },
  incident_not_resolved: {
    status: 409,
    pointer: '',
    detail: 'The incident is over: there is nothing to have in hand.',
  },
  ...experimentMeanings,
  leads_size: {
    pointer: '',
    detail: 'The lead is larger than 52 KB, the reason of its score not counted.',
  },
} satisfies Record<string, Meaning>;

/** A constraint whose breaking means something to a caller. */
export type Constraint = keyof typeof meanings;

const constraints: Readonly<Record<Constraint, Meaning>> = meanings;

/** What breaking a constraint means to a caller: the same whether SQL found it or we did before. */
export function faultOf(constraint: Constraint): Fault {
  const { pointer, detail } = constraints[constraint];
  return { pointer, code: constraint, detail };
}

/**
 * What the caller hears of a database error: its own fault where it is one, else when to come
 * again.
 */
export function databaseProblem(error: DatabaseError): Problem {
  switch (error.failure) {
    case 'refused':
      return refusal(error);
    case 'resuming':
      return unavailable('The database is waking up.', 5, error);
    case 'too_large':
      return new Problem(400, 'The answer is too large: ask for fewer days, or group by less.');
    case 'conflict':
      return unavailable('Too many writers met at this place.', 1, error);
    case 'away':
      return unavailable('The database cannot be reached.', 5, error);
    case 'broken':
      return new Problem(500, 'Something went wrong on our side.', { cause: error });
  }
}

function refusal(error: DatabaseError): Problem {
  const { constraint = '' } = error;
  if (isKnown(constraint)) {
    const { status = 422 } = constraints[constraint];
    return problemAt(status, [faultOf(constraint)], error);
  }
  if (error.sqlState === '23505') {
    return new Problem(409, 'This is already there.', { cause: error });
  }
  return new Problem(422, 'A value is outside what can be stored.', { cause: error });
}

function isKnown(constraint: string): constraint is Constraint {
  return Object.hasOwn(constraints, constraint);
}

function unavailable(detail: string, seconds: number, cause: unknown): Problem {
  return new Problem(503, detail, { headers: { 'retry-after': String(seconds) }, cause });
}
