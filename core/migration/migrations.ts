import pipeline from '../../sql/migrations/0001-pipeline.sql' with { type: 'text' };
import leadMetrics from '../../sql/migrations/0002-lead-metrics.sql' with { type: 'text' };
import jobs from '../../sql/migrations/0003-jobs.sql' with { type: 'text' };
import findingLeads from '../../sql/migrations/0004-finding-leads.sql' with { type: 'text' };
import corrections from '../../sql/migrations/0005-corrections.sql' with { type: 'text' };
import eventsByTime from '../../sql/migrations/0006-events-by-time.sql' with { type: 'text' };
import spend from '../../sql/migrations/0007-spend.sql' with { type: 'text' };
import requestKeys from '../../sql/migrations/0008-request-keys.sql' with { type: 'text' };
import hooks from '../../sql/migrations/0009-hooks.sql' with { type: 'text' };
import people from '../../sql/migrations/0010-people.sql' with { type: 'text' };
import access from '../../sql/migrations/0011-access.sql' with { type: 'text' };
import keyLines from '../../sql/migrations/0012-key-lines.sql' with { type: 'text' };
import retention from '../../sql/migrations/0013-retention.sql' with { type: 'text' };
import alertTopics from '../../sql/migrations/0014-alert-topics.sql' with { type: 'text' };
import bi from '../../sql/migrations/0015-bi.sql' with { type: 'text' };
import knownLeads from '../../sql/migrations/0016-known-leads.sql' with { type: 'text' };
import sla from '../../sql/migrations/0017-sla.sql' with { type: 'text' };
import incidents from '../../sql/migrations/0018-incidents.sql' with { type: 'text' };
import experiments from '../../sql/migrations/0019-experiments.sql' with { type: 'text' };
import overdueAgain from '../../sql/migrations/0020-overdue-again.sql' with { type: 'text' };
import digest from '../../sql/migrations/0021-digest.sql' with { type: 'text' };
import experimentMessages from '../../sql/migrations/0022-experiment-messages.sql' with {
  type: 'text',
};
import hookCorrections from '../../sql/migrations/0023-hook-corrections.sql' with { type: 'text' };

/** A file of sql/, by the name under which `schema_migrations` remembers it. */
export type SqlFile = readonly [name: string, text: string];

/** Tables, forward only, in order. One is never edited once it ran somewhere that matters. */
export const migrations: readonly SqlFile[] = [
  ['0001-pipeline', pipeline],
  ['0002-lead-metrics', leadMetrics],
  ['0003-jobs', jobs],
  ['0004-finding-leads', findingLeads],
  ['0005-corrections', corrections],
  ['0006-events-by-time', eventsByTime],
  ['0007-spend', spend],
  ['0008-request-keys', requestKeys],
  ['0009-hooks', hooks],
  ['0010-people', people],
  ['0011-access', access],
  ['0012-key-lines', keyLines],
  ['0013-retention', retention],
  ['0014-alert-topics', alertTopics],
  ['0015-bi', bi],
  ['0016-known-leads', knownLeads],
  ['0017-sla', sla],
  ['0018-incidents', incidents],
  ['0019-experiments', experiments],
  ['0020-overdue-again', overdueAgain],
  ['0021-digest', digest],
  ['0022-experiment-messages', experimentMessages],
  ['0023-hook-corrections', hookCorrections],
];
