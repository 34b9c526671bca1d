import type { FunctionName } from './functions.ts';

/** What a key must carry. `reports:read` covers every GET. */
export type Scope = 'reports:read' | 'leads:write' | 'events:write' | 'admin';

/** A route of the HTTP API. `public` ones have no authorizer. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** As API Gateway writes it, path parameters in braces. */
  readonly path: `/${string}`;
  readonly function: FunctionName;
  readonly access: Scope | 'public';
  readonly summary: string;
}

/** Every route that exists. What is in none of them goes to `$default`, in the function `site`. */
export const routes = [
  {
    method: 'POST',
    path: '/v1/leads',
    function: 'ingest',
    access: 'leads:write',
    summary: 'Take in a lead',
  },
  {
    method: 'POST',
    path: '/v1/leads/batch',
    function: 'ingest',
    access: 'leads:write',
    summary: 'Take in up to 1,000 leads',
  },
  {
    method: 'POST',
    path: '/v1/events/batch',
    function: 'ingest',
    access: 'events:write',
    summary: 'Record up to 1,000 events of any leads',
  },
  {
    method: 'POST',
    path: '/v1/leads/{id}/events',
    function: 'ingest',
    access: 'events:write',
    summary: 'Record what happened to a lead',
  },
  {
    method: 'GET',
    path: '/v1/leads/{id}',
    function: 'manage',
    access: 'reports:read',
    summary: 'One lead and its latest events',
  },
  {
    method: 'GET',
    path: '/v1/leads',
    function: 'manage',
    access: 'reports:read',
    summary: 'Leads, newest first; filters open what the reports count',
  },
  {
    method: 'PATCH',
    path: '/v1/leads/{id}',
    function: 'manage',
    access: 'leads:write',
    summary: 'Correct a lead, assign it, score it, move its stage',
  },
  {
    method: 'GET',
    path: '/v1/leads/{id}/events',
    function: 'manage',
    access: 'reports:read',
    summary: 'What happened to a lead, newest first',
  },
  {
    method: 'GET',
    path: '/v1/events',
    function: 'manage',
    access: 'reports:read',
    summary: 'What happened to leads, newest first, but for their coming in',
  },
  {
    method: 'POST',
    path: '/v1/events/{id}/void',
    function: 'manage',
    access: 'events:write',
    summary: 'Take an event back',
  },
  {
    method: 'GET',
    path: '/v1/agents',
    function: 'workspace',
    access: 'reports:read',
    summary: 'Agents, newest first',
  },
  {
    method: 'POST',
    path: '/v1/agents',
    function: 'workspace',
    access: 'admin',
    summary: 'Add an agent',
  },
  {
    method: 'POST',
    path: '/v1/agents/batch',
    function: 'workspace',
    access: 'admin',
    summary: 'Add up to 1,000 agents',
  },
  {
    method: 'GET',
    path: '/v1/agents/{id}',
    function: 'workspace',
    access: 'reports:read',
    summary: 'One agent',
  },
  {
    method: 'PATCH',
    path: '/v1/agents/{id}',
    function: 'workspace',
    access: 'admin',
    summary: 'Change an agent; hand over the open leads',
  },
  {
    method: 'GET',
    path: '/v1/skills',
    function: 'workspace',
    access: 'reports:read',
    summary: 'Skills, newest first',
  },
  {
    method: 'POST',
    path: '/v1/skills',
    function: 'workspace',
    access: 'admin',
    summary: 'Register a skill',
  },
  {
    method: 'POST',
    path: '/v1/skills/batch',
    function: 'workspace',
    access: 'admin',
    summary: 'Register up to 1,000 skills',
  },
  {
    method: 'GET',
    path: '/v1/corrections',
    function: 'manage',
    access: 'reports:read',
    summary: 'What was corrected, by whom, and what stood there before, newest first',
  },
  {
    method: 'GET',
    path: '/v1/spend',
    function: 'workspace',
    access: 'reports:read',
    summary: 'What each source cost on each day, newest day first',
  },
  {
    method: 'PUT',
    path: '/v1/spend',
    function: 'workspace',
    access: 'admin',
    summary: 'Set what a source cost, spread evenly over days',
  },
  {
    method: 'PUT',
    path: '/v1/spend/batch',
    function: 'workspace',
    access: 'admin',
    summary: 'Set up to 1,000 amounts of spend',
  },
  {
    method: 'GET',
    path: '/v1/workspace',
    function: 'workspace',
    access: 'reports:read',
    summary: 'The zone and currency of every number',
  },
  {
    method: 'GET',
    path: '/v1/reports',
    function: 'reports',
    access: 'reports:read',
    summary: 'Which reports there are, and what each column means',
  },
  {
    method: 'GET',
    path: '/v1/reports/{report}',
    function: 'reports',
    access: 'reports:read',
    summary: 'One report',
  },
  {
    method: 'GET',
    path: '/v1/health',
    function: 'site',
    access: 'public',
    summary: 'Is it working?',
  },
  {
    method: 'GET',
    path: '/',
    function: 'site',
    access: 'public',
    summary: 'The reports as a page',
  },
  {
    method: 'GET',
    path: '/v1/openapi.json',
    function: 'site',
    access: 'public',
    summary: 'This API as OpenAPI 3.1',
  },
] as const satisfies readonly Route[];

type Entry = (typeof routes)[number];

/** `POST /v1/leads`: how API Gateway names a route. */
export type RouteKey<F extends FunctionName = FunctionName> = Entry extends infer R
  ? R extends { method: string; path: string; function: F }
    ? `${R['method']} ${R['path']}`
    : never
  : never;

/** The name API Gateway gives a route. */
export function routeKey(route: Route): string {
  return `${route.method} ${route.path}`;
}
