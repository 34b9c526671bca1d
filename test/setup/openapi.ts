import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeApi } from '../../core/http/openapi.ts';
import { reportPaths } from '../../core/reports/openapi.ts';
import { handler as alerts } from '../../functions/alerts.ts';
import { handler as experiments } from '../../functions/experiments.ts';
import { handler as hooks } from '../../functions/hooks.ts';
import { handler as ingest } from '../../functions/ingest.ts';
import { handler as keys } from '../../functions/keys.ts';
import { handler as manage } from '../../functions/manage.ts';
import { handler as reports } from '../../functions/reports.ts';
import { handler as site } from '../../functions/site.ts';
import { handler as workspace } from '../../functions/workspace.ts';

const endpoints = Object.assign(
  {},
  ...[ingest, hooks, keys, alerts, experiments, manage, workspace, reports, site].map(
    (handler) => handler.endpoints,
  ),
);

/** The API as the code describes it now; committed as docs/openapi.json. */
export const openapi = describeApi(endpoints, reportPaths);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
// As a place to refer to: by itself it is no schema, and checking it as one takes 50 ms.
ajv.addSchema(openapi, 'api', undefined, false);

const validators = new WeakMap<object, ValidateFunction>();

/** What is wrong with an answer by the description; empty where all is well. */
export function violations(
  request: { method: string; path: string },
  answer: { status: number; type: string; body: unknown },
): string[] {
  const path = request.path.split('?')[0] ?? '';
  const template = templateOf(path);
  // What is no route answers as any route does where something is wrong.
  const operations = openapi.paths[template ?? '/v1/workspace'] as Record<string, Described>;
  const operation = operations[request.method.toLowerCase()] ?? Object.values(operations)[0];
  const { status, type, body } = answer;
  const statusKey = [String(status), `${Math.floor(status / 100)}XX`].find(
    (key) => operation?.responses[key],
  );
  if (!statusKey) return [`${request.method} ${path}: status ${status} is not described`];
  const media = type.split(';')[0] ?? '';
  const content = operation?.responses[statusKey]?.content[media];
  if (!content) return [`${request.method} ${path} ${status}: ${media} is not described`];
  if (!media.includes('json')) return [];
  const validate = validatorOf(content.schema);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    (error) => `${request.method} ${path} ${status}: ${error.instancePath} ${error.message}`,
  );
}

interface Described {
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

function templateOf(path: string): string | undefined {
  const given = path.split('/');
  return Object.keys(openapi.paths)
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .find((template) => {
      const expected = template.split('/');
      return (
        expected.length === given.length &&
        expected.every((part, index) => part.startsWith('{') || part === given[index])
      );
    });
}

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const text = JSON.stringify(schema).replaceAll('#/components', 'api#/components');
  const made = ajv.compile(JSON.parse(text));
  validators.set(schema, made);
  return made;
}
