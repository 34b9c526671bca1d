import type { Row } from '../database/rows.ts';
import type { Column } from './columns.ts';

/**
 * What a report can be asked beside its window and filters, each with its allowed values, default
 * first.
 */
export interface ReportChoices {
  readonly by?: readonly string[];
  readonly bucket?: readonly string[];
  readonly human_only?: readonly string[];
}

/** A report: one question, one statement. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly sql: string;
  readonly columns: readonly Column[];
  /** Which of the common parameters it takes. */
  readonly takes: readonly CommonParameter[];
  readonly choices: ReportChoices;
  readonly row_limit: number;
  /** Fills in what takes more than SQL, from a last column `facts` that is not shown. */
  readonly finish?: (row: Row) => Row;
}

/** The parameters reports share. */
export type CommonParameter =
  | 'from'
  | 'to'
  | 'basis'
  | 'source'
  | 'agent_id'
  | 'quality_score'
  | 'utm_campaign'
  | 'as_of'
  | 'compare';

const everyParameter: readonly CommonParameter[] = [
  'from',
  'to',
  'basis',
  'source',
  'agent_id',
  'quality_score',
  'utm_campaign',
  'as_of',
  'compare',
];

/** The parameters of a report that looks at leads by when they came in, as of one moment. */
export const ofCreated = everyParameter.filter((name) => name !== 'basis' && name !== 'compare');

/** A report; what it does not say is as in most: all parameters, no choices, 1,000 rows. */
export const report = (
  definition: Omit<Report, 'takes' | 'choices' | 'row_limit'> & Partial<Report>,
) => ({
  takes: everyParameter,
  choices: {},
  row_limit: 1000,
  ...definition,
});
