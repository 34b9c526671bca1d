import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { type ExportedName, exported, exportWith } from '../../transfer/exported.ts';
import { kindNamed } from '../../transfer/kinds.ts';
import { generateHistory, type History } from '../oracle/histories.ts';
import { runCommand } from '../setup/command.ts';
import { type ExportedRow, exportOf, readExport } from '../setup/exports.ts';
import { storeHistory } from '../setup/facts.ts';
import { startTestMachine } from '../setup/machine.ts';

type Kind = ExportedName;
const kinds = Object.keys(exported) as Kind[];
const place = { timezone: 'America/New_York', from: '2024-02-20', to: '2024-03-22' };
const window = `from=${place.from}&to=${place.to}&as_of=2024-05-01T00:00:00Z`;

let api: Awaited<ReturnType<typeof startTestMachine>>;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-round-trip-'));
  api = await startTestMachine();
  await api.sql('update workspace set timezone = $1', [place.timezone]);
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => api.sql(empty));

const empty = 'truncate leads, lead_events, agent_profiles, lead_skills, source_spend cascade';
const everything = { include: 'test,duplicate' };
const exportAll = async () => {
  const files = kinds.map(async (kind) => [
    kind,
    await exportOf(api, `/v1/${kind}`, kind === 'leads' ? everything : {}),
  ]);
  return Object.fromEntries(await Promise.all(files)) as Record<Kind, string>;
};

/** Every report but those of experiments, which are not among the lists, and of clocks. */
async function answers() {
  await api.sql('refresh materialized view lead_metrics');
  const found: Record<string, unknown> = {};
  for (const { name, choices, takes } of reports) {
    if (['experiment-results', 'sla-attainment', 'waiting-leads'].includes(name)) continue;
    for (const by of choices.by ?? ['']) {
      const query = takes.includes('as_of') ? window : `from=${place.from}&to=${place.to}`;
      const answer = await api.get(`/v1/reports/${name}?${query}${by && `&by=${by}`}`);
      const { as_of: _, ...body } = answer.body;
      found[`${name} ${by}`] = body;
    }
  }
  return found;
}

/** Imports a file of ours: what the command says. */
async function bringBack(kind: Kind, csv: string) {
  await writeFile(join(folder, `${kind}.csv`), csv);
  const words = ['transfer/import', `${kind}.csv`, '--as', kind, '--url', api.url];
  const said = await runCommand(words, { cwd: folder, env: { LEADPULSE_KEY: api.key } });
  return said.stdout + said.stderr;
}

const numeral = (count: number) => count.toLocaleString('en-US');

/** What the server says by its own clock, of each kind. */
const clocked: Record<Kind, readonly string[]> = {
  skills: ['created_at', 'activated_at'],
  agents: ['created_at', 'updated_at'],
  // What is brought in is history, and has no clock.
  leads: ['recorded_at', 'updated_at', 'sla_policy_id', 'sla_due_at', 'sla_state'],
  events: ['recorded_at'],
  spend: ['id', 'recorded_at'],
};

/** The rows without that, by id: what came in at the same moment has no order of its own. */
function comparable(kind: Kind, csv: string): ExportedRow[] {
  return readExport(csv)
    .map((row) => ({ ...row, ...Object.fromEntries(clocked[kind].map((name) => [name, ''])) }))
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

async function reasons() {
  return api.sql('select id, qualification_reason from leads order by id');
}

async function expectSameAgain() {
  const before = { files: await exportAll(), answers: await answers(), reasons: await reasons() };
  await api.sql(empty);
  for (const kind of kinds) {
    const rows = numeral(readExport(before.files[kind]).length);
    if (rows === '0') continue;
    const all = `${rows} rows read: ${rows} stored, 0 already there, 0 rejected.\n`;
    expect(await bringBack(kind, before.files[kind])).toBe(all);
  }
  const after = { files: await exportAll(), answers: await answers(), reasons: await reasons() };
  expect(after.answers).toEqual(before.answers);
  expect(after.reasons).toEqual(before.reasons);
  for (const kind of kinds) {
    expect(comparable(kind, after.files[kind])).toEqual(comparable(kind, before.files[kind]));
  }
  return before;
}

describe('what is exported comes back to the same numbers', () => {
  test('from a history with every awkward case', async () => {
    const history = { ...generateHistory({ ...place, seed: 11, leads: 700 }), ...noExperiments };
    await storeHistory(api.pool, withOriginals(history));
    // A history has them as they are compared; what came in is what a file has.
    await api.sql('update leads set email = email_normalised, phone = phone_normalised');
    const { answers, files } = await expectSameAgain();
    expect(answers['executive-summary ']).toMatchObject({
      excluded: { test: expect.any(Number), duplicate: expect.any(Number) },
      rows: [{ total_leads: expect.any(Number), total_revenue: expect.stringMatching(/\d{4}\./) }],
    });
    const events = readExport(files.events);
    const [stored] = await api.sql<{ count: number }>(
      "select count(*)::int from lead_events where event_type <> 'created'",
    );
    expect([events.length, stored?.count]).toEqual([
      history.events.filter((event) => event.event_type !== 'created' && !event.voided).length,
      events.length,
    ]);
  });

  test('from texts that a file could garble', async () => {
    const texts = [
      '=1+1',
      "'=1+1",
      "''-1",
      '-5',
      '@a',
      '＝1',
      '\t=',
      '\r\n+',
      '"a", b\n"',
      '',
      ' ',
    ];
    const agent = await api.addAgent({ external_id: '=a', first_name: '+1 Ada', team: '' });
    await api.post('/v1/skills', { name: 'bot', status: 'active', config: { say: '=1' } });
    for (const [n, text] of texts.entries()) {
      const external_id = `-${n}${text}`;
      const given = { source: text, first_name: text, utm_campaign: text, notes: text };
      const id = await api.take({
        ...given,
        external_id,
        created_at: `2024-03-0${(n % 9) + 1}T08:00:00.00000${n % 10}Z`,
        phone: '(415) 555-0132',
        agent_external_id: '=a',
        quality_score: 'A',
        qualification_reason: { why: text, 'Zoë 🏠': [1.5, null, true] },
      });
      const event = { event_source: 'skill:bot', external_id: text || '0', details: { text } };
      await api.post(`/v1/leads/${id}/events`, { event_type: 'contacted', ...event });
      const sale = { event_type: 'closed', event_source: 'agent', value: '0.10', agent_id: agent };
      await api.post(`/v1/leads/${id}/events`, { ...sale, created_at: '2024-03-20T00:00:00Z' });
    }
    await expectSameAgain();
  });

  test('with events that were taken back, which do not come back', async () => {
    const lead = await api.take({ source: '', created_at: '2024-03-01T00:00:00Z' });
    const event = { event_type: 'dead', event_source: 'agent', created_at: '2024-03-02T00:00:00Z' };
    const { body } = await api.post(`/v1/leads/${lead}/events`, event);
    await api.post(`/v1/events/${body.id}/void`, { by: '=Bea', reason: 'wrong lead' });
    const all = await exportOf(api, '/v1/events', { include: 'voided' });
    expect(readExport(all)).toMatchObject([{ id: body.id, voided_by: '=Bea' }]);
    await api.sql('truncate lead_events');
    const refused =
      '1 rows read: 0 stored, 0 already there, 1 rejected (see events.rejected.csv).\n';
    expect(await bringBack('events', all)).toBe(refused);
    const rejected = await readFile(join(folder, 'events.rejected.csv'), 'utf8');
    expect(rejected).toContain(',What was taken back does not come back.,');
    expect(await bringBack('events', rejected)).toBe(refused);
    expect((await api.get('/v1/events?include=voided')).body.total).toBe(0);
  });
});

describe('a file of ours', () => {
  test.each(kinds)('of %s is known by its header', async (kind) => {
    const [header = ''] = (await exportOf(api, `/v1/${kind}`)).split('\r\n');
    // After a change: add the new header, and keep those of the versions before.
    expect(exported[kind].headers.at(-1)).toBe(header);
    expect(exportWith(header.split(','), kind)).toBe(exported[kind]);
    expect(header.split(',')).toEqual(expect.arrayContaining([...exported[kind].comeBack]));
    const fields = Object.keys(kindNamed(kind).fields);
    expect(fields).toEqual(expect.arrayContaining([...exported[kind].comeBack]));
  });

  test('is none that has other columns', () => {
    const [header = ''] = exported.agents.headers;
    expect(exportWith(header.split(','), 'leads')).toBeUndefined();
    expect(exportWith([...header.split(','), 'more'], 'agents')).toBeUndefined();
  });
});

const noExperiments = { experiments: [], assignments: [] };

/** A duplicate of a duplicate, which the oracle counts too, is none that the API takes in. */
function withOriginals(history: History): History {
  const [original] = history.leads.filter((lead) => lead.duplicate_of === null);
  const originals = new Set(history.leads.filter((l) => l.duplicate_of === null).map((l) => l.id));
  const leads = history.leads.map((lead) => {
    if (lead.duplicate_of === null || originals.has(lead.duplicate_of)) return lead;
    return { ...lead, duplicate_of: original?.id ?? null };
  });
  return { ...history, leads };
}
