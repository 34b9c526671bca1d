import { noRoute } from '../core/http/no-route.ts';
import { httpHandler } from '../core/http/stack.ts';
import { health } from '../core/site/health.ts';
import { showOpenApi } from '../core/site/openapi.ts';
import { showPage } from '../core/site/page.ts';

/** Public: health, the API description, the page, and unknown routes. */
export const handler = httpHandler<'site'>(
  {
    'GET /': showPage,
    'GET /v1/health': health,
    'GET /v1/openapi.json': showOpenApi,
  },
  noRoute,
);
