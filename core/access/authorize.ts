import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { routeKey, routes } from '../catalogue/routes.ts';
import { logger } from '../log.ts';
import { verifyKey } from './keys.ts';
import { keySecrets } from './secrets.ts';

/** What handlers learn of a caller; a type, not an interface, since API Gateway wants an index. */
export type CallerContext = {
  key_id?: string;
  scopes?: string;
  source?: string;
  viewer_agent_id?: string;
};

type Decision = APIGatewaySimpleAuthorizerWithContextResult<CallerContext>;

const refused: Decision = { isAuthorized: false, context: {} };
const accessByRoute = new Map(routes.map((route) => [routeKey(route), route.access]));

/** Who is calling, and may they call this route? What is not known to be allowed is refused. */
export async function authorize(event: APIGatewayRequestAuthorizerEventV2): Promise<Decision> {
  const token = /^Bearer (\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
  const access = accessByRoute.get(event.routeKey);
  const key = token === undefined ? undefined : verifyKey(token, await keySecrets());
  const allowed =
    key !== undefined && access !== undefined && (key.scopes as string[]).includes(access);
  logger.debug('authorize', { route: event.routeKey, key_id: key?.id, allowed });
  if (!allowed) return refused;
  return {
    isAuthorized: true,
    context: {
      key_id: key.id,
      scopes: key.scopes.join(' '),
      ...(key.source !== undefined && { source: key.source }),
    },
  };
}
