import { expect } from 'vitest';
import { differences } from '../oracle/compare.ts';
import { formatInstant, parseInstant } from '../oracle/local-time.ts';
import { oracleReport, type ReportName } from '../oracle/reports.ts';
import { type Facts, type Parameters, parametersOf, type Row } from '../oracle/types.ts';
import { storeHistory } from './facts.ts';
import type { startTestMachine } from './machine.ts';

type Api = Awaited<ReturnType<typeof startTestMachine>>;

/** A report's parameters as a client writes them. */
export type Asked = Partial<Record<'from' | 'to' | 'as_of' | 'source' | 'agent_id' | 'by', string>>;

/**
 * Stores the facts in place of what was there and asks for a report of November 2026, as of its
 * end: the rows, which the oracle must have too.
 */
export async function rowsOf(
  api: Api,
  name: ReportName,
  facts: Facts,
  asked: Asked = {},
): Promise<Row[]> {
  await api.sql(
    `truncate leads, lead_events, agent_profiles, lead_skills, lead_experiments, source_spend
       cascade`,
  );
  await storeHistory(api.pool, { ...facts, skills: [] });
  const search = { from: '2026-11-01', to: '2026-12-01', as_of: '2026-12-01T00:00:00Z', ...asked };
  const answer = await api.get(`/v1/reports/${name}?${new URLSearchParams(search)}`);
  expect(answer.status, answer.text).toBe(200);
  const as_of = parseInstant(search.as_of);
  const parameters: Parameters = parametersOf({ timezone: 'UTC', ...search, as_of });
  const expected = oracleReport(name, facts, parameters);
  expect(differences(expected.rows, answer.body.rows)).toEqual([]);
  expect(answer.body.excluded).toEqual(expected.excluded);
  return answer.body.rows;
}

/** A moment so many microseconds after another. */
export function later(at: string, microseconds: bigint): string {
  return formatInstant(parseInstant(at) + microseconds);
}
