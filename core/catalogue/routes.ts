import type { FunctionName } from './functions.ts';

/** What a key must carry. `reports:read` covers every GET but those of keys and the audit. */
export type Scope = 'reports:read' | 'leads:write' | 'events:write' | 'admin';

/**
 * A route of the HTTP API. `public` ones have no authorizer, and neither have hooks: they check who
 * sends by the body, which an authorizer does not see.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** As API Gateway writes it, path parameters in braces. */
  readonly path: `/${string}`;
  readonly function: FunctionName;
  readonly access: Scope | 'public' | 'hook';
  /** `managers`: not for agents, though their scopes would open it. */
  readonly people?: 'managers' | undefined;
  readonly summary: string;
}

/** A route by the name API Gateway gives it: who may call it, and what it is for. */
type Entry = readonly [access: Route['access'], summary: string, people?: Route['people']];

/** Every route that exists, by the function that answers it. */
const table = {
  ingest: {
    'POST /v1/leads': ['leads:write', 'Take in a lead'],
    'POST /v1/leads/batch': ['leads:write', 'Take in up to 1,000 leads'],
    'POST /v1/events/batch': ['events:write', 'Record up to 1,000 events of any leads'],
    'POST /v1/leads/{id}/events': ['events:write', 'Record what happened to a lead'],
  },
  manage: {
    'GET /v1/leads/{id}': ['reports:read', 'One lead and its latest events'],
    'GET /v1/leads': ['reports:read', 'Leads, newest first; filters open what the reports count'],
    'PATCH /v1/leads/{id}': ['leads:write', 'Correct a lead, assign it, score it, move its stage'],
    'GET /v1/leads/{id}/events': ['reports:read', 'What happened to a lead, newest first'],
    'GET /v1/events': [
      'reports:read',
      'What happened to leads, newest first, but for their coming in',
    ],
    'POST /v1/leads/{id}/erase': ['admin', "Erase a lead's person; the counts stay"],
    'POST /v1/people/erase': ['admin', 'Erase who has this e-mail address or phone number'],
    'GET /v1/audit': ['admin', 'Who erased or took out whose data, newest first'],
    'POST /v1/people/export': ['admin', 'Everything held about a person, as a file'],
    'POST /v1/events/{id}/void': ['events:write', 'Take an event back'],
    'GET /v1/corrections': [
      'reports:read',
      'What was corrected, by whom, and what stood there before, newest first',
    ],
  },
  workspace: {
    'GET /v1/agents': ['reports:read', 'Agents, newest first'],
    'POST /v1/agents': ['admin', 'Add an agent'],
    'POST /v1/agents/batch': ['admin', 'Add up to 1,000 agents'],
    'GET /v1/agents/{id}': ['reports:read', 'One agent'],
    'PATCH /v1/agents/{id}': ['admin', 'Change an agent; hand over the open leads'],
    'GET /v1/skills': ['reports:read', 'Skills, newest first'],
    'POST /v1/skills': ['admin', 'Register a skill'],
    'POST /v1/skills/batch': ['admin', 'Register up to 1,000 skills'],
    'GET /v1/skills/{id}': ['reports:read', 'One skill'],
    'PATCH /v1/skills/{id}': ['admin', 'Activate, pause or deprecate a skill, or say what it is'],
    'GET /v1/spend': [
      'reports:read',
      'What each source cost on each day, newest day first',
      'managers',
    ],
    'PUT /v1/spend': ['admin', 'Set what a source cost, spread evenly over days'],
    'PUT /v1/spend/batch': ['admin', 'Set up to 1,000 amounts of spend'],
    'GET /v1/workspace': ['reports:read', 'The zone and currency of every number'],
  },
  alerts: {
    'GET /v1/alert-rules': ['reports:read', 'What must not happen, newest first', 'managers'],
    'POST /v1/alert-rules': ['admin', 'Say what must not happen, from the next check on'],
    'PATCH /v1/alert-rules/{id}': ['admin', 'Change a rule, for its open incidents too'],
    'GET /v1/sla-policies': [
      'reports:read',
      'By when leads have to be answered, newest first',
      'managers',
    ],
    'POST /v1/sla-policies': ['admin', 'Say by when leads that come in have to be answered'],
    'PATCH /v1/sla-policies/{id}': ['admin', 'Change a policy; clocks that run go on as they were'],
    'GET /v1/incidents': ['reports:read', 'What went wrong, newest first', 'managers'],
    'GET /v1/incidents/{id}': [
      'reports:read',
      'One incident, the leads behind it, and how it went',
      'managers',
    ],
    'POST /v1/incidents/{id}/acknowledge': ['leads:write', 'Have an incident in hand', 'managers'],
  },
  experiments: {
    'GET /v1/experiments': ['reports:read', 'Experiments, newest first', 'managers'],
    'POST /v1/experiments': ['admin', 'Plan an experiment; see what it could show'],
    'GET /v1/experiments/{id}': [
      'reports:read',
      'One experiment, and what its plan can show',
      'managers',
    ],
    'PATCH /v1/experiments/{id}': ['admin', 'Change a draft; of a started one its words alone'],
    'POST /v1/experiments/{id}/start': ['admin', 'Take leads in, from now on or again'],
    'POST /v1/experiments/{id}/pause': ['admin', 'Take no more leads in; those in it go on'],
    'POST /v1/experiments/{id}/complete': ['admin', 'End an experiment before its plan does'],
    'GET /v1/experiments/{id}/looks': ['reports:read', 'What each look saw', 'managers'],
    'POST /v1/experiments/{id}/decision': [
      'admin',
      'Confirm what an experiment recommends, or decide otherwise',
    ],
  },
  keys: {
    'GET /v1/keys': ['admin', 'Keys, newest first: what each may do, and which are revoked'],
    'POST /v1/keys': ['admin', 'Make a key; its text is in this answer and nowhere else'],
    'POST /v1/keys/{id}/revoke': ['admin', 'Revoke a key, also one made offline'],
    'POST /v1/keys/{id}/rotate': ['admin', 'A new key takes the place of one'],
  },
  hooks: {
    'POST /v1/hooks/{source}': ['hook', 'Take in what a form or a provider sends, as it sends it'],
    'GET /v1/hook-mappings': [
      'reports:read',
      'How what each source sends is read, newest first',
      'managers',
    ],
    'GET /v1/hook-mappings/{source}': [
      'reports:read',
      'How what one source sends is read',
      'managers',
    ],
    'PUT /v1/hook-mappings/{source}': ['admin', 'Set how what a source sends is read'],
    'POST /v1/hook-mappings/{source}/dry-run': ['admin', 'Show which lead a sample would become'],
    'GET /v1/hook-presets': [
      'reports:read',
      'Mappings that are ready for well-known providers',
      'managers',
    ],
  },
  reports: {
    'GET /v1/reports': ['reports:read', 'Which reports there are, and what each column means'],
    'GET /v1/reports/{report}': ['reports:read', 'One report'],
  },
  site: {
    'GET /v1/health': ['public', 'Is it working?'],
    'GET /': ['public', 'The reports as a page'],
    'GET /v1/openapi.json': ['public', 'This API as OpenAPI 3.1'],
  },
} as const satisfies Partial<Record<FunctionName, Record<`${Route['method']} /${string}`, Entry>>>;

type Table = typeof table;

/** Every route that exists. What is in none of them goes to `$default`, in the function `site`. */
export const routes: readonly Route[] = Object.entries(table).flatMap(([name, entries]) =>
  Object.entries<Entry>(entries).map(([key, [access, summary, people]]) => {
    const [method, path] = key.split(' ') as [Route['method'], Route['path']];
    return { method, path, function: name as FunctionName, access, people, summary };
  }),
);

/** `POST /v1/leads`: how API Gateway names a route; of a function, its own. */
export type RouteKey<F extends FunctionName = keyof Table> = F extends keyof Table
  ? keyof Table[F]
  : never;

/** No authorizer stands before it. */
export function isOpen({ access }: Route): boolean {
  return access === 'public' || access === 'hook';
}

/** The name API Gateway gives a route. */
export function routeKey(route: Route): string {
  return `${route.method} ${route.path}`;
}
