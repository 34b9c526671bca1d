import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Statements that no agent's request runs, or that tell an agent nothing of leads; and why. */
const withoutViewer: Readonly<Record<string, string>> = {
  'access/add-key.sql': 'needs the scope admin, which no agent has',
  'access/list-keys.sql': 'needs the scope admin, which no agent has',
  'access/revoke-key.sql': 'needs the scope admin, which no agent has',
  'access/rotate-key.sql': 'needs the scope admin, which no agent has',
  'access/standing.sql': 'the authorizer, who has to know who is which agent',
  'agents/change-agent.sql': 'needs the scope admin, which no agent has',
  'alerts/acknowledge-incident.sql': 'a route for managers',
  'alerts/add-rule.sql': 'needs the scope admin, which no agent has',
  'alerts/change-rule.sql': 'needs the scope admin, which no agent has',
  'alerts/check-sla.sql': 'a job',
  'alerts/finish-run.sql': 'a job',
  'alerts/list-incidents.sql': 'a route for managers',
  'alerts/list-rules.sql': 'a route for managers',
  'alerts/one-incident.sql': 'a route for managers',
  'alerts/write-digest.sql': 'a job',
  'batches/rehearse-items.sql': 'each item holds its viewer',
  'batches/write-item.sql': 'the item holds its viewer',
  'batches/write-items.sql': 'each item holds its viewer',
  'database/create-migration-record.sql': 'a deployment',
  'database/drop-functions.sql': 'a deployment',
  'database/health.sql': 'says how the system is, not what is in it',
  'database/lock-migration-record.sql': 'a deployment',
  'database/read-migration-record.sql': 'a deployment',
  'database/set-role.sql': 'a deployment',
  'database/set-workspace.sql': 'a deployment',
  'database/stale-metrics.sql': 'a deployment',
  'database/take-turn.sql': 'a deployment',
  'database/workspace.sql': 'zone and currency are for everybody',
  'database/write-migration-record.sql': 'a deployment',
  'experiments/add-experiment.sql': 'needs the scope admin, which no agent has',
  'experiments/change-experiment.sql': 'needs the scope admin, which no agent has',
  'experiments/decide-experiment.sql': 'needs the scope admin, which no agent has',
  'experiments/due-evaluations.sql': 'a job',
  'experiments/list-experiments.sql': 'a route for managers',
  'experiments/list-looks.sql': 'a route for managers',
  'experiments/one-experiment.sql': 'a route for managers',
  'experiments/record-evaluations.sql': 'a job',
  'experiments/run-experiment.sql': 'needs the scope admin, which no agent has',
  'experiments/stop-experiment.sql': 'needs the scope admin, which no agent has',
  'hooks/list-hook-mappings.sql': 'how forms are read tells nothing of leads',
  'hooks/one-hook-mapping.sql': 'how a form is read tells nothing of leads',
  'hooks/read-hook.sql': 'what a source sends is of no agent',
  'hooks/set-hook-mapping.sql': 'needs the scope admin, which no agent has',
  'jobs/apply-retention.sql': 'a job',
  'jobs/finish-retention.sql': 'a job',
  'jobs/refresh-lead-metrics.sql': 'a job',
  'jobs/refresh-state.sql': 'a job',
  'leads/change-lead.sql': 'the changes hold their viewer',
  'people/erase-lead.sql': 'needs the scope admin, which no agent has',
  'people/erase-person.sql': 'needs the scope admin, which no agent has',
  'people/export-person.sql': 'needs the scope admin, which no agent has',
  'people/list-audit.sql': 'needs the scope admin, which no agent has',
  'skills/change-skill.sql': 'needs the scope admin, which no agent has',
  'skills/list-skills.sql': 'skills are for everybody',
  'skills/one-skill.sql': 'skills are for everybody',
  'sla/add-policy.sql': 'needs the scope admin, which no agent has',
  'sla/change-policy.sql': 'needs the scope admin, which no agent has',
  'sla/list-policies.sql': 'a route for managers',
};

const statements = readdirSync('sql', { recursive: true, encoding: 'utf8' })
  .filter((file) => /^\w+\/.*\.sql$/.test(file) && !/^(migrations|functions)\//.test(file))
  .toSorted();
const sqlOf = (file: string) => readFileSync(`sql/${file}`, 'utf8');
const namesViewer = (file: string) => sqlOf(file).includes(':viewer_agent_id::uuid');

test('every statement asks who is looking, or it is said why it need not', () => {
  expect(statements.filter((file) => !namesViewer(file))).toEqual(Object.keys(withoutViewer));
});

const readers = ['report_leads', 'counted_leads', 'report_about', 'silent_sources', 'earlier_twin'];

test.each(readers)('%s is told who is looking wherever it is called', (name) => {
  const calls = statements.flatMap((file) =>
    [...sqlOf(file).matchAll(new RegExp(`\\b${name}\\(([^()]|\\([^()]*\\))*\\)`, 'g'))].map(
      ([call]) => ({ file, told: call.includes(':viewer_agent_id::uuid') }),
    ),
  );
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(({ told }) => !told)).toEqual([]);
});
