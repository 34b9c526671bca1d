import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handler } from '../../../functions/check-sla.ts';
import { runCommand } from '../../setup/command.ts';
import { startCheckedScene } from './checked-scene.ts';

const { scene } = await startCheckedScene();

// As of the real now: what is recorded is recorded now, whatever door it comes through.
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const check = (hours = 0) => handler({ scheduled_at: hoursAgo(-hours) }, {} as never);

/** One of each metric that history could break. */
const rules = [
  { metric: 'avg_response_hours', threshold: 1, window_hours: 8760 },
  { metric: 'p90_response_minutes', threshold: 60, window_hours: 8760 },
  { metric: 'sla_attainment', threshold: 100, window_hours: 8760 },
  { metric: 'breached_leads', threshold: 0 },
  { metric: 'oldest_waiting_minutes', threshold: 60 },
  { metric: 'contact_rate', threshold: 100, window_hours: 8760 },
  { metric: 'conversion_rate', threshold: 100, window_hours: 8760 },
  { metric: 'source_silence_hours', threshold: 1, split_by: 'source' },
];

async function addRules(): Promise<void> {
  await scene.sql('update alert_rules set active = false');
  for (const rule of rules) {
    const { status, text } = await scene.post('/v1/alert-rules', {
      ...rule,
      name: rule.metric.replaceAll('_', '-'),
    });
    expect(status, text).toBe(201);
  }
}

const ages = [25, 26, 50, 100, 400, 1000, 2000];

let agentId = '';

async function importFiles(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-history-'));
  const leads = ages.map((age) => `file,f${age},A,${hoursAgo(age)}\n`).join('');
  await writeFile(
    join(folder, 'leads.csv'),
    `source,external_id,quality_score,created_at\n${leads}`,
  );
  // A call that came late, a death, and a score long after the lead.
  const events = [
    'lead_source,lead_external_id,event_type,event_source,agent_id,created_at',
    `file,f50,contacted,agent,,${hoursAgo(20)}`,
    `file,f100,dead,agent,,${hoursAgo(2)}`,
    `file,f400,assigned,automation,${agentId},${hoursAgo(1)}`,
  ];
  await writeFile(join(folder, 'events.csv'), events.join('\n'));
  for (const kind of ['leads', 'events']) {
    const words = ['transfer/import', `${kind}.csv`, '--as', kind, '--url', scene.url];
    const said = await runCommand(words, { cwd: folder, env: { LEADPULSE_KEY: scene.key } });
    expect(said.stdout).toMatch(kind === 'leads' ? /7 stored/ : /3 stored/);
  }
  await rm(folder, { recursive: true });
}

async function post(): Promise<void> {
  const items = ages.map((age) => ({
    ...{ source: 'batch', external_id: `b${age}`, created_at: hoursAgo(age), agent_id: agentId },
  }));
  const { body } = await scene.post('/v1/leads/batch', { items });
  expect(body.results).toMatchObject(ages.map(() => ({ status: 201 })));
  const id = await scene.take({ source: 'single', created_at: hoursAgo(30) });
  // What happens to history today starts no clock either.
  await scene.patch(`/v1/leads/${id}`, { quality_score: 'A', assigned_agent_id: agentId });
  const touched = ['b25', 'b2000'].map((lead_external_id) => ({
    ...{ lead_source: 'batch', lead_external_id, event_type: 'scored', event_source: 'agent' },
    details: { quality_score: 'A' },
  }));
  const events = await scene.post('/v1/events/batch', { items: touched });
  expect(events.body.results).toMatchObject([{ status: 201 }, { status: 201 }]);
}

test('history rings nobody, through whatever door and whatever becomes of it', async () => {
  agentId = await scene.addAgent();
  await addRules();
  await importFiles();
  await post();
  expect(await scene.sql('select from sla_clocks')).toEqual([]);
  // Now, tomorrow, and when it is a month older.
  for (const hours of [0, 24, 720]) {
    expect(await check(hours)).toEqual({ rules: 8, broken: 0, published: 0 });
  }
  expect(await scene.received()).toEqual([]);

  // What is a day late is no history: the same rules break for it.
  await scene.post('/v1/leads/batch', {
    items: Array.from({ length: 5 }, () => ({ source: 'late', created_at: hoursAgo(23) })),
  });
  expect(await check(2)).toMatchObject({ broken: 7, published: 7 });
  // Old enough to have converted.
  expect(await check(744)).toMatchObject({ broken: 8, published: 1 });
});
