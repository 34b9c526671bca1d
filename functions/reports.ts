import { httpHandler } from '../core/http/stack.ts';
import { listReports } from '../core/reports/list-reports.ts';
import { showReport } from '../core/reports/show-report.ts';

/** Answers the reports. */
export const handler = httpHandler<'reports'>({
  'GET /v1/reports': listReports,
  'GET /v1/reports/{report}': showReport,
});
