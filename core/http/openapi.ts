import * as z from 'zod/mini';
import { rolesOf } from '../catalogue/roles.ts';
import { isOpen, type Route, routeKey, routes } from '../catalogue/routes.ts';
import type { AnswerForm, Endpoint } from './endpoint.ts';
import { batchOf } from './request.ts';

type Json = Record<string, unknown>;

/** A path that stands for several, each described by itself: `/v1/reports/{report}`. */
export type Expansion = Readonly<Record<string, (route: Route) => Record<string, Json>>>;

/**
 * The API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), from the routes and the schemas of
 * their endpoints, by route key. Throws where a route has no endpoint.
 */
export function describeApi(endpoints: Readonly<Record<string, Endpoint>>, expansion: Expansion) {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const endpoint = endpoints[routeKey(route)];
    if (!endpoint) throw new Error(`${routeKey(route)} has no endpoint`);
    const expanded = expansion[route.path]?.(route) ?? { [route.path]: operation(route, endpoint) };
    for (const [path, described] of Object.entries(expanded)) {
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: described };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'leadpulse',
      version: '1',
      description: "A real-estate team's lead pipeline: leads in, reports out.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key: lp_<payload>_<mac>' },
        person: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The token of a person who has signed in, of the groups in x-roles',
        },
      },
      schemas: { Problem: problemSchema, Refusal: refusalSchema },
    },
  };
}

/** What stands under a path and a method. */
export function operation(route: Route, endpoint: Endpoint): Json {
  return {
    operationId: `${route.method} ${route.path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    summary: route.summary,
    tags: [route.function],
    security: isOpen(route) ? [] : [{ key: [] }, { person: [] }],
    ...(!isOpen(route) && { 'x-scope': route.access, 'x-roles': rolesOf(route) }),
    parameters: [
      ...parametersIn('path', endpoint.path),
      ...parametersIn('query', endpoint.query),
      ...(endpoint.creates ? [idempotencyKey] : []),
    ],
    ...(endpoint.item && {
      requestBody: { description: batchSize, ...requestBody(batchOf(endpoint.item)) },
    }),
    ...(endpoint.raw && { requestBody: anyBody(endpoint.raw) }),
    ...(endpoint.body && { requestBody: requestBody(endpoint.body) }),
    responses: { ...answers(endpoint.answers), ...problems },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Sent again under the same key, a request creates nothing more: it is answered with 200 and ' +
    '`idempotency-replayed: true`. With another body it is refused. Kept for 30 days.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

/** Parameters of a schema, in the path or the query. */
export function parametersIn(place: 'path' | 'query', schema?: z.ZodMiniType): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = inputSchema(schema);
  return Object.entries(properties).map(([name, form]) => ({
    name,
    in: place,
    required: place === 'path' || (required as string[]).includes(name),
    schema: form,
  }));
}

/** Answers by status, with their bodies' schemas. */
export function answers(forms: Readonly<Record<number, AnswerForm>>): Json {
  return Object.fromEntries(
    Object.entries(forms).map(([status, { description, schema, contentType, csv }]) => [
      status,
      {
        description,
        ...(csv && { headers: nextCursor }),
        content: {
          [contentType ?? 'application/json']: {
            schema: schema ? outputSchema(schema) : {},
          },
          ...(csv && { 'text/csv': { schema: { type: 'string' } } }),
        },
      },
    ]),
  );
}

const nextCursor = {
  'x-next-cursor': {
    description: 'With format=csv: the cursor of the next page; absent at the end',
    schema: { type: 'string' },
  },
};

/** What every route may answer instead: our problems, and what the gateway itself refuses. */
export const problems: Json = {
  '4XX': {
    description: 'The request is wrong, and the answer says where',
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      'application/json': { schema: { $ref: '#/components/schemas/Refusal' } },
    },
  },
  '5XX': {
    description: 'Something is wrong on our side; 503 says when to come again',
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      'application/json': { schema: { $ref: '#/components/schemas/Refusal' } },
    },
  },
};

/** What a schema cannot say. */
const batchSize =
  'At most 2 MiB. Text full of quotes and backslashes grows on its way to the database, which ' +
  'takes 4 MiB in a call: beyond that the answer is 413, and fewer items at a time go through.';

function anyBody(contentTypes: readonly string[]): Json {
  return { required: true, content: Object.fromEntries(contentTypes.map((type) => [type, {}])) };
}

function requestBody(schema: z.ZodMiniType): Json {
  return { required: true, content: { 'application/json': { schema: inputSchema(schema) } } };
}

function inputSchema(schema: z.ZodMiniType): Json & { properties?: Json } {
  return cleaned(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function outputSchema(schema: z.ZodMiniType): Json {
  return cleaned(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

/** OpenAPI 3.1 has the dialect of JSON Schema by default. */
function cleaned({ $schema: _dialect, ...rest }: Json): Json & { properties?: Json } {
  return rest;
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer; /query/… and /path/… too' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    request_id: { type: 'string' },
  },
};

const refusalSchema = {
  type: 'object',
  description: 'What API Gateway answers by itself: 401, 403, 413, 429, 500, 503',
  additionalProperties: false,
  required: ['message'],
  properties: { message: { type: 'string' } },
};
