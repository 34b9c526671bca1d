import type * as z from 'zod/mini';
import type { FunctionName } from '../catalogue/functions.ts';
import type { Role } from '../catalogue/roles.ts';
import type { RouteKey } from '../catalogue/routes.ts';
import type { Fault } from './problem.ts';
import type { RequestKey } from './request-key.ts';

/** Who is calling, as the authorizer said. */
export interface Caller {
  /** The key's id; of a person `person:` and what the sign-in calls that person. */
  readonly key_id: string;
  /** The same for all keys that took each other's place by rotation; else `key_id`. */
  readonly first_key_id: string;
  /** Of a person; undefined: a machine. */
  readonly role: Role | undefined;
  readonly scopes: readonly string[];
  /** The one source this key may write leads of; undefined: any. */
  readonly source: string | undefined;
  /** The agent who is calling and sees nothing but the own leads; undefined: sees all. */
  readonly viewer_agent_id: string | undefined;
}

/** What an endpoint sees of a request, each part already checked by its schema. */
export interface ApiRequest<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** Its `Idempotency-Key`, where it has one and the endpoint `creates`. */
  readonly requestKey: RequestKey | undefined;
  /** Of a route that reads its body itself. */
  readonly raw: RawBody | undefined;
  /** When the request came in, `2026-11-22T10:00:00.123Z`: the statements' `:now`. */
  readonly now: string;
}

/** A request as it came, for a route that nobody has checked before. */
export interface RawBody {
  readonly bytes: Buffer;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
}

/** What an endpoint answers. A string body is sent as it is, under its own content type. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a body of text shows, so that the log can tell whose data that was. */
  readonly shown?: readonly unknown[];
}

/** An answer as OpenAPI describes it. */
export interface AnswerForm {
  readonly description: string;
  readonly schema?: z.ZodMiniType;
  readonly contentType?: string;
  /** It is there as CSV, too. */
  readonly csv?: boolean;
}

/** An item of a batch: what it says, or what is wrong with it. */
export type ItemRead<Value> =
  | { readonly value: Value; readonly faults?: undefined }
  | { readonly value?: undefined; readonly faults: readonly Fault[] };

type Output<S> = S extends z.ZodMiniType ? z.output<S> : undefined;

/** One route's schemas and what it does. */
export interface Endpoint<
  Path extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Query extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Body extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Item extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
> {
  readonly path?: Path;
  readonly query?: Query;
  readonly body?: Body;
  /** Instead of `body`: a batch of these, `{items: […]}`, each checked by itself. */
  readonly item?: Item;
  /** It creates something, and a request that is sent again under its key creates it once. */
  readonly creates?: boolean;
  /** It takes in leads or events: metrics count what became of them. */
  readonly intake?: boolean;
  /** Instead of `body`: any body and query, by the content types it may have. */
  readonly raw?: readonly string[];
  /** By status; problems are the same everywhere and are not listed. */
  readonly answers: Readonly<Record<number, AnswerForm>>;
  // A method, so that endpoints of different schemas fit into one record.
  run(
    request: ApiRequest<
      Output<Path>,
      Output<Query>,
      Item extends z.ZodMiniType ? readonly ItemRead<z.output<Item>>[] : Output<Body>
    >,
  ): Promise<Answer>;
}

/**
 * All endpoints of one function: a route of the catalogue without its endpoint does not compile.
 */
export type EndpointsOf<F extends FunctionName> = Readonly<Record<RouteKey<F>, Endpoint>>;

/** Gives `run` the types of its schemas. */
export function endpoint<
  Path extends z.ZodMiniType | undefined = undefined,
  Query extends z.ZodMiniType | undefined = undefined,
  Body extends z.ZodMiniType | undefined = undefined,
  Item extends z.ZodMiniType | undefined = undefined,
>(definition: Endpoint<Path, Query, Body, Item>): Endpoint {
  return definition as unknown as Endpoint;
}
