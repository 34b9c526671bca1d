import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Role } from '../catalogue/roles.ts';
import type { ApiRequest, Caller, Endpoint, ItemRead, RawBody } from './endpoint.ts';
import { parseJson, unstorable } from './json.ts';
import { Problem, problemAt } from './problem.ts';
import { requestKeyOf } from './request-key.ts';
import { faultsOf } from './sentences.ts';

/** What API Gateway sends; the authorizer's part is absent on public routes. */
export type HttpEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<
  Record<string, string | undefined> | undefined
>;

const single = { bytes: 256 * 1024, levels: 32 };
/** An item may nest as deep as a body that comes alone. */
const several = { bytes: 2 * 1024 * 1024, levels: 34 };

/** `{items: […]}`: what a batch is as a whole, before anyone looks at an item. */
export const batchOf = (item: z.ZodMiniType) =>
  z.strictObject({ items: z.array(item).check(z.minLength(1), z.maxLength(1000)) });

const anyBatch = batchOf(z.unknown());

/** Checks a request against its endpoint's schemas. Throws a Problem: 400, 404, 413, 415 or 422. */
export function readRequest(event: HttpEvent, endpoint: Endpoint): ApiRequest<never, never, never> {
  const path = pathOf(event, endpoint) as never;
  const query = queryOf(event, endpoint) as never;
  const caller = callerOf(event);
  const given = givenBody(event, endpoint);
  return {
    path,
    query,
    body: bodyOf(given, endpoint) as never,
    raw: endpoint.raw && rawOf(event),
    caller,
    requestKey:
      endpoint.creates && !endpoint.raw
        ? requestKeyOf(event, given, caller.first_key_id)
        : undefined,
    now: new Date(event.requestContext.timeEpoch).toISOString(),
  };
}

function pathOf(event: HttpEvent, { path }: Endpoint): unknown {
  if (!path) return undefined;
  const result = path.safeParse(event.pathParameters ?? {}, { reportInput: true });
  if (result.success) return result.data;
  throw new Problem(404, 'There is nothing at this address.', {
    faults: faultsOf(result.error, '/path'),
  });
}

function queryOf(event: HttpEvent, { query, raw }: Endpoint): unknown {
  if (raw) return undefined;
  const given = new URLSearchParams(event.rawQueryString ?? '');
  const values = Object.fromEntries(given);
  const repeated = [...given.keys()].find((name, index, all) => all.indexOf(name) !== index);
  if (repeated !== undefined) {
    const detail = `The parameter "${repeated}" is given more than once.`;
    throw problemAt(400, [{ pointer: `/query/${repeated}`, code: 'repeated', detail }]);
  }
  if (!query) {
    if (given.size === 0) return undefined;
    const [name] = given.keys();
    const detail = 'This route takes no parameters.';
    throw problemAt(400, [{ pointer: `/query/${name}`, code: 'unknown_parameter', detail }]);
  }
  if (/%00/.test(event.rawQueryString)) {
    throw new Problem(400, 'A parameter may not contain the character U+0000.');
  }
  const result = query.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw problemAt(400, faultsOf(result.error, '/query'));
}

function givenBody(event: HttpEvent, { body, item }: Endpoint): unknown {
  if (item) return jsonOf(event, several);
  return body && jsonOf(event, single);
}

function bodyOf(given: unknown, { body, item }: Endpoint): unknown {
  if (item) return itemsOf(given, item);
  if (!body) return undefined;
  const faults = unstorable(given, '');
  if (faults.length > 0) throw problemAt(422, faults);
  return checked(body, given);
}

/** One bad item harms no other: what is wrong with it is told beside it. */
function itemsOf(given: unknown, schema: z.ZodMiniType): ItemRead<unknown>[] {
  return checked(anyBatch, given).items.map((item) => {
    const faults = unstorable(item, '');
    if (faults.length > 0) return { faults };
    const result = schema.safeParse(item, { reportInput: true });
    return result.success
      ? { value: result.data }
      : { faults: faultsOf(result.error, '', 'The item') };
  });
}

function checked<S extends z.ZodMiniType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  throw problemAt(422, faultsOf(result.error, ''));
}

function jsonOf(event: HttpEvent, { bytes: limit, levels }: typeof single): unknown {
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    throw new Problem(415, 'Send JSON, with the header content-type: application/json.');
  }
  const bytes = bytesOf(event);
  if (bytes.length > limit) {
    throw new Problem(413, `The body is larger than ${limit / 1024} KB.`);
  }
  return parseJson(decode(bytes), levels);
}

function rawOf(event: HttpEvent): RawBody {
  const query = new URLSearchParams(event.rawQueryString ?? '');
  return { bytes: bytesOf(event), headers: event.headers, query };
}

function bytesOf({ body, isBase64Encoded }: HttpEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

function decode(bytes: Buffer): string {
  if (bytes.length === 0) throw new Problem(400, 'The body is missing.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, 'The body is not UTF-8.');
  }
}

function callerOf(event: HttpEvent): Caller {
  const context = event.requestContext.authorizer?.lambda;
  const key_id = context?.key_id ?? 'public';
  return {
    key_id,
    first_key_id: context?.first_key_id ?? key_id,
    scopes: context?.scopes?.split(' ') ?? [],
    role: context?.role as Role | undefined,
    source: context?.source,
    viewer_agent_id: context?.viewer_agent_id,
  };
}
