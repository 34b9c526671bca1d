import * as z from 'zod/mini';
import { refuseOtherAgents, viewerOf } from '../access/viewer.ts';
import { reports } from '../catalogue/reports.ts';
import { query } from '../database/client.ts';
import type { Parameters, Row } from '../database/rows.ts';
import { type CsvColumn, csvHeaders, toCsv } from '../http/csv.ts';
import { type Answer, endpoint } from '../http/endpoint.ts';
import { Problem, problemAt } from '../http/problem.ts';
import { faultsOf } from '../http/sentences.ts';
import { parametersSchema } from './parameters.ts';
import type { Report } from './report.ts';

const period: CsvColumn = { name: 'period', kind: 'text' };
const none: Parameters = { from: null, to: null, as_of: null, basis: 'created' };

/** `GET /v1/reports/{report}`: one report as JSON, or as CSV with `format=csv`. One statement. */
export const showReport = endpoint({
  path: z.object({ report: z.string() }),
  query: z.record(z.string(), z.string()),
  answers: { 200: { description: 'The report' } },
  async run({ path, query: given, caller, now }) {
    const report = reports.find(({ name }) => name === path.report);
    if (!report) throw new Problem(404, 'There is no such report; GET /v1/reports lists them.');
    const parameters = checked(report, given);
    refuseOtherAgents(caller, parameters.agent_id);
    const values = { ...none, ...parameters, ...viewerOf(caller), now };
    const rows = await query(report.sql, statementParameters(report, values));
    return answer(report, parameters, rows);
  },
});

function checked(report: Report, given: Record<string, string>): Record<string, unknown> {
  const result = parametersSchema(report).safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  throw problemAt(400, faultsOf(result.error, '/query'));
}

/** Binds what the statement names, and nothing else. One row more than is shown tells of a cut. */
function statementParameters(report: Report, given: Parameters) {
  const values: Parameters = { ...given, rows: report.row_limit + 1 };
  const names = new Set([...report.sql.matchAll(/(?<![:\w]):([a-z_]+)/g)].map(([, name]) => name));
  return Object.fromEntries([...names].map((name) => [name, values[name ?? ''] ?? null]));
}

function answer(report: Report, parameters: Record<string, unknown>, found: Row[]): Answer {
  const columns = parameters.compare ? [period, ...report.columns] : report.columns;
  const rows = found
    .filter((row) => row.place !== null)
    .slice(0, report.row_limit)
    .map((row) => report.finish?.(row) ?? row);
  const truncated = found.length > report.row_limit;
  const headers = { 'cache-control': 'no-store', 'x-truncated': String(truncated) };
  if (parameters.format === 'csv') {
    return {
      status: 200,
      headers: { ...headers, ...csvHeaders(report.name) },
      body: toCsv(columns, rows),
      shown: rows,
    };
  }
  const names = columns.map(({ name }) => name);
  const shown = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
  const about = found[0]?.about as object;
  return { status: 200, headers, body: { report: report.name, ...about, truncated, rows: shown } };
}
