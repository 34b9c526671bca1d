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
