import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { mayCall, roleNames, roles } from '../catalogue/roles.ts';
import { type Route, routeKey, routes } from '../catalogue/routes.ts';
import { logger } from '../log.ts';
import { verifyKey } from './keys.ts';
import { keySecrets } from './secrets.ts';
import { isRevoked, standing } from './standing.ts';
import { verifyToken } from './tokens.ts';

/** What handlers learn of a caller; a type, not an interface, since API Gateway wants an index. */
export type CallerContext = {
  /** Of a person: `person:` and the token's subject. */
  key_id?: string;
  /** The first key of those that took each other's place, this one last. */
  first_key_id?: string;
  scopes?: string;
  source?: string;
  role?: string;
  viewer_agent_id?: string;
};

type Decision = APIGatewaySimpleAuthorizerWithContextResult<CallerContext>;

const routesByKey = new Map(routes.map((route) => [routeKey(route), route]));

/**
 * Who is calling, and may they call this route? What is not known to be allowed is refused. Throws
 * where it cannot be known for now: that is a 500, which API Gateway does not keep.
 */
export async function authorize(event: APIGatewayRequestAuthorizerEventV2): Promise<Decision> {
  const token = /^Bearer (\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
  const route = routesByKey.get(event.routeKey);
  const identify = token?.startsWith('lp_') ? machineOf : personOf;
  const caller = token && route && (await identify(token, route));
  const { key_id } = caller || {};
  logger.debug('authorize', { route: event.routeKey, key_id, allowed: Boolean(caller) });
  return caller ? { isAuthorized: true, context: caller } : { isAuthorized: false, context: {} };
}

async function machineOf(token: string, route: Route): Promise<CallerContext | undefined> {
  const key = verifyKey(token, await keySecrets());
  // The last question only, so that nobody without a signature wakes the database.
  if (!key || !mayCall(key, route) || (await isRevoked(key.id))) return undefined;
  return {
    key_id: key.id,
    ...(key.first_id !== undefined && { first_key_id: key.first_id }),
    scopes: key.scopes.join(' '),
    ...(key.source !== undefined && { source: key.source }),
  };
}

async function personOf(token: string, route: Route): Promise<CallerContext | undefined> {
  const person = await verifyToken(token);
  const role = roleNames.find((name) => person?.groups.includes(name));
  if (!person || !role) return undefined;
  const { scopes } = roles[role];
  if (!mayCall({ scopes, role }, route)) return undefined;
  const context = { key_id: `person:${person.subject}`, scopes: scopes.join(' '), role };
  if (role !== 'agent') return context;
  const known = await standing();
  if (!known) throw new Error('the database has not said yet who is which agent');
  const viewer_agent_id = known.agents.get(person.subject);
  return viewer_agent_id === undefined ? undefined : { ...context, viewer_agent_id };
}
