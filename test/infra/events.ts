// Events in the shape AWS documents for HTTP APIs, payload 2.0, down to what nobody reads.

/** What a test says of a request; the rest of the event is always the same. */
export interface Request {
  routeKey: string;
  path?: string;
  pathParameters?: Record<string, string>;
  body?: unknown;
  authorization?: string;
}

const authorized = { key_id: 'key_1', scopes: 'reports:read leads:write events:write admin' };

/** What a function gets for a request that passed the authorizer. */
export function httpEvent(request: Request) {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  return {
    version: '2.0',
    ...common(request),
    ...(body && { body }),
    requestContext: { ...contextOf(request), authorizer: { lambda: authorized } },
    isBase64Encoded: false,
  };
}

/** What the authorizer gets for it. */
export function authorizerEvent(request: Request) {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/$default/POST/v1/leads',
    identitySource: [request.authorization, request.routeKey],
    ...common(request),
    requestContext: contextOf(request),
  };
}

function common({ routeKey, path, pathParameters, authorization }: Request) {
  return {
    routeKey,
    rawPath: path ?? routeKey.split(' ')[1],
    rawQueryString: '',
    headers: {
      accept: '*/*',
      ...(authorization && { authorization }),
      'content-length': '64',
      'content-type': 'application/json',
      host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      'user-agent': 'curl/8.7.1',
      'x-amzn-trace-id': 'Root=1-6741d2a3-1f2e3d4c5b6a798081920a1b',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    ...(pathParameters && { pathParameters }),
  };
}

function contextOf({ routeKey, path }: Request) {
  const [method = '', routePath = ''] = routeKey.split(' ');
  return {
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
    domainPrefix: 'a1b2c3d4e5',
    http: {
      method: method.startsWith('$') ? 'GET' : method,
      path: path ?? routePath,
      protocol: 'HTTP/1.1',
      sourceIp: '203.0.113.7',
      userAgent: 'curl/8.7.1',
    },
    requestId: 'Br8EKjJxDoEEJxA=',
    routeKey,
    stage: '$default',
    time: '22/Nov/2026:13:05:07 +0000',
    timeEpoch: Date.now(),
  };
}
