import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  APIGatewayRequestAuthorizerEventV2,
  Context,
} from 'aws-lambda';
import type { CallerContext } from '../../core/access/authorize.ts';
import type { FunctionName } from '../../core/catalogue/functions.ts';
import { isOpen, type Route, routes } from '../../core/catalogue/routes.ts';
import { toEvent } from './event.ts';
import { type MatchedRoute, routeMatcher } from './match.ts';

/** A function of `functions/`, as Lambda would call it. */
export type Handler = (event: never, context: Context) => Promise<unknown>;

/** The functions that routes name, and the authorizer. */
export type Handlers = Readonly<Partial<Record<FunctionName, Handler>>>;

/** Pages that are on one machine only, by their path: JSON, told the gateway's own address. */
export type LocalPages = Readonly<Record<string, (url: string) => Promise<unknown>>>;

const bodyLimit = 10 * 1024 * 1024;
const answerLimit = 6 * 1024 * 1024;
const integrationTimeoutMs = 30_000;

/**
 * Stands in for API Gateway's HTTP API: its routes, authorizer, events, answers and refusals.
 * Requests wait for the handlers where these are not there yet.
 */
export async function startGateway(options: {
  port: number;
  handlers: Handlers | Promise<Handlers>;
  pages?: LocalPages;
}) {
  const match = routeMatcher(routes);
  const server = createServer((request, response) => {
    serve(request, response, match, options).catch(() => {
      if (!response.headersSent) send(response, 500, 'Internal Server Error');
      else response.destroy();
    });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  match: (method: string, path: string) => MatchedRoute,
  options: { handlers: Handlers | Promise<Handlers>; pages?: LocalPages },
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const page = request.method === 'GET' ? options.pages?.[path] : undefined;
  if (page) return sendJson(response, 200, await page(ownUrl(request)));
  const handlers = await options.handlers;
  const matched = match(request.method ?? 'GET', path);
  const body = await readBody(request);
  if (!body) return send(response, 413, 'Request Entity Too Large');
  const event = toEvent(request, body, matched);
  const caller = await callerOf(event, matched.route, handlers);
  if (typeof caller === 'number') {
    return send(response, caller, caller === 401 ? 'Unauthorized' : 'Forbidden');
  }
  if (caller) Object.assign(event.requestContext, { authorizer: { lambda: caller } });
  const handler = handlers[matched.route?.function ?? 'site'];
  if (!handler) return send(response, 500, 'Internal Server Error');
  const result = await inTime(handler(event as never, lambdaContext()));
  answer(response, result as APIGatewayProxyStructuredResultV2);
}

/**
 * What the authorizer says of the caller; 401 or 403 where it refuses; nothing on open routes.
 */
async function callerOf(
  event: APIGatewayProxyEventV2,
  route: Route | undefined,
  handlers: Handlers,
): Promise<CallerContext | 401 | 403 | undefined> {
  if (!route || isOpen(route)) return undefined;
  const { authorization } = event.headers;
  if (!authorization || !handlers.authorize) return 401;
  const request = {
    ...event,
    type: 'REQUEST',
    identitySource: [authorization, event.routeKey],
  } as unknown as APIGatewayRequestAuthorizerEventV2;
  const decision = (await handlers.authorize(request as never, lambdaContext())) as {
    isAuthorized: boolean;
    context?: CallerContext;
  };
  return decision.isAuthorized ? (decision.context ?? {}) : 403;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  return size <= bodyLimit ? Buffer.concat(chunks) : undefined;
}

function answer(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const structured = typeof result === 'object' && result !== null && 'statusCode' in result;
  const {
    statusCode = 200,
    headers = {},
    body = '',
    isBase64Encoded,
  } = structured
    ? result
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > answerLimit || !(statusCode >= 100 && statusCode < 600)) {
    send(response, 500, 'Internal Server Error');
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (!response.hasHeader('content-type')) {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  }
  if (result.cookies) response.setHeader('set-cookie', result.cookies);
  response.writeHead(statusCode, { 'content-length': bytes.length });
  response.end(bytes);
}

/** What the gateway says by itself, in its own form. */
function send(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { message });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Not the Host header: what the issuer calls itself is nothing a caller may choose. */
function ownUrl(request: IncomingMessage): string {
  return `http://127.0.0.1:${request.socket.localPort}`;
}

/** API Gateway waits 30 seconds for an integration. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('integration timeout')), integrationTimeoutMs);
  });
  return Promise.race([work, cut]).finally(() => clearTimeout(timer));
}

function lambdaContext(): Context {
  return { awsRequestId: 'local', functionName: 'local' } as Context;
}
