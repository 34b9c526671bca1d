import { reports } from '../catalogue/reports.ts';
import type { Route } from '../catalogue/routes.ts';
import { type Expansion, parametersIn, problems } from '../http/openapi.ts';
import type { Column, ColumnKind } from './columns.ts';
import { parametersSchema } from './parameters.ts';
import type { Report } from './report.ts';

const forms: Record<ColumnKind, object> = {
  count: { type: 'integer' },
  percent: { type: 'number', description: 'percent, two decimals' },
  probability: { type: 'number', minimum: 0, maximum: 1, description: 'six digits' },
  minutes: { type: 'number' },
  days: { type: 'number' },
  money: { type: 'string', pattern: '^-?\\d+\\.\\d{2}$' },
  text: { type: 'string' },
  id: { type: 'string', format: 'uuid' },
  time: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  flag: { type: 'boolean' },
};

/** Each report under its own address, with its own parameters and columns. */
export const reportPaths: Expansion = {
  '/v1/reports/{report}': (route) =>
    Object.fromEntries(
      reports.map((report) => [`/v1/reports/${report.name}`, describeReport(route, report)]),
    ),
};

function describeReport(route: Route, report: Report) {
  return {
    operationId: `report_${report.name.replaceAll('-', '_')}`,
    summary: report.title,
    description: report.question,
    tags: [route.function],
    security: [{ key: [] }],
    'x-scope': route.access,
    parameters: parametersIn('query', parametersSchema(report)),
    responses: {
      200: {
        description: report.question,
        content: {
          'application/json': { schema: answerSchema(report) },
          'text/csv': { schema: { type: 'string' } },
        },
      },
      ...problems,
    },
  };
}

function answerSchema({ name, columns }: Report) {
  const day = { type: ['string', 'null'], format: 'date' };
  const properties = {
    report: { const: name },
    from: day,
    to: { ...day, description: 'the first day that no longer counts' },
    timezone: { type: 'string' },
    as_of: { type: ['string', 'null'], format: 'date-time' },
    excluded: closed({ test: { type: 'integer' }, duplicate: { type: 'integer' } }),
    truncated: { type: 'boolean' },
    rows: { type: 'array', items: rowSchema(columns) },
  };
  return closed(properties);
}

/** `period` is there when the report compares. */
function rowSchema(columns: readonly Column[]) {
  const own = Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)]));
  const period = { enum: ['current', 'previous'] };
  return { ...closed(own), properties: { period, ...own } };
}

function columnSchema({ kind, nullable, meaning }: Column) {
  const form = forms[kind] as { type: string };
  return { ...form, ...(nullable && { type: [form.type, 'null'] }), description: meaning };
}

function closed(properties: Record<string, unknown>) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
  };
}
