import { expect } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { differences } from '../oracle/compare.ts';
import { formatInstant } from '../oracle/local-time.ts';
import { oracleReport, type ReportName } from '../oracle/reports.ts';
import {
  type Facts,
  type Micros,
  type Parameters,
  parametersOf,
  type Row,
} from '../oracle/types.ts';
import type { startTestMachine } from './machine.ts';

const keys = ['source', 'agent_id', 'agent_name', 'quality_score', 'utm_campaign'];

/** Where and when reports are read, and the facts behind them. */
export interface Scene {
  api: Pick<Awaited<ReturnType<typeof startTestMachine>>, 'get'>;
  facts: Facts;
  timezone: string;
  from: string;
  to: string;
  as_of: Micros;
  /** When lead_metrics was refreshed: from then it is, whatever else is asked for. */
  refreshed_at: Micros;
}

/** Expects a report to say what the oracle finds in the facts; the report's rows. */
export async function expectAsCounted(
  scene: Scene,
  name: ReportName,
  given: Partial<Parameters> = {},
): Promise<Row[]> {
  const { api, facts, timezone, from, to, as_of, refreshed_at } = scene;
  const parameters = parametersOf({ timezone, from, to, as_of, ...given });
  const answer = await api.get(`/v1/reports/${name}?${query(name, parameters)}`);
  expect(answer.status, answer.text).toBe(200);
  const expected = oracleReport(name, facts, {
    ...parameters,
    ...(name === 'lead-metrics' && { as_of: refreshed_at }),
  });
  const report = reports.find((each) => each.name === name);
  const own = new Set(report?.columns.map((column) => column.name));
  const rows = expected.rows
    .slice(0, report?.row_limit)
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).filter(([column]) => own.has(column) || !keys.includes(column)),
      ),
    );
  const label = JSON.stringify({ name, from, to, ...given }, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  expect(differences(rows, answer.body.rows).slice(0, 5), label).toEqual([]);
  expect(answer.body.truncated, label).toBe(expected.rows.length > rows.length);
  expect(answer.body.excluded, label).toEqual(expected.excluded);
  return answer.body.rows;
}

/** Whether a report has a parameter. */
export function takes(name: ReportName, parameter: string): boolean {
  return reports.some((report) => report.name === name && report.takes.includes(parameter as 'to'));
}

/** The parameters as a client would send them, without those the report does not take. */
function query(name: ReportName, parameters: Parameters): string {
  const report = reports.find((each) => each.name === name);
  const given = { ...parameters, as_of: formatInstant(parameters.as_of) };
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(given)) {
    const known = takes(name, key) || (report?.choices && key in report.choices);
    if (known && value !== null) search.set(key, String(value));
  }
  return search.toString();
}
