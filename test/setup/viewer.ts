import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { authorize } from '../../core/access/authorize.ts';
import { type Handlers, startGateway } from '../../local/gateway/server.ts';
import type { ApiAnswer, startTestMachine } from './machine.ts';
import { violations } from './openapi.ts';

type Api = Awaited<ReturnType<typeof startTestMachine>>;

/** The API as an agent sees it. */
export type Viewer = Awaited<ReturnType<typeof startAsAgent>>;

/**
 * The machine's handlers and database behind a gateway whose authorizer says of each caller it lets
 * in that this agent is calling. Close it before the machine.
 */
export async function startAsAgent(api: Api, agentId: string) {
  const asAgent = async (event: APIGatewayRequestAuthorizerEventV2) => {
    const decision = await authorize(event);
    if (!decision.isAuthorized) return decision;
    return { ...decision, context: { ...decision.context, viewer_agent_id: agentId } };
  };
  const handlers = { ...api.machine.handlers, authorize: asAgent } as Handlers;
  const gateway = await startGateway({ port: 0, handlers });
  const key = await api.keyWith(['reports:read', 'leads:write', 'events:write']);

  async function send(
    method: string,
    path: string,
    { body, headers }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer> {
    const response = await fetch(gateway.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const read = type.includes('json') && text ? JSON.parse(text) : undefined;
    const wrong = violations({ method, path }, { status: response.status, type, body: read });
    if (wrong.length > 0) throw new Error(`not as described:\n${wrong.join('\n')}\n${text}`);
    return { status: response.status, headers: response.headers, body: read, text };
  }

  return {
    id: agentId,
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send('POST', path, { body, headers }),
    patch: (path: string, body: unknown) => send('PATCH', path, { body }),
    close: () => gateway.close(),
  };
}
