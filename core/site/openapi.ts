import openapi from '../../docs/openapi.json' with { type: 'json' };
import { endpoint } from '../http/endpoint.ts';

/** `GET /v1/openapi.json`: this API's description, as it is committed. */
export const showOpenApi = endpoint({
  answers: { 200: { description: 'OpenAPI 3.1' } },
  async run() {
    return { status: 200, headers: { 'cache-control': 'max-age=300' }, body: openapi };
  },
});
