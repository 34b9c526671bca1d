import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import { routeKey, routes } from '../../core/catalogue/routes.ts';
import { shapesOf } from '../setup/drill-down.ts';
import { foreignWords, startTwoAgents, type TwoAgents } from '../setup/two-agents.ts';

let team: TwoAgents;
let words: string[];
beforeAll(async () => {
  team = await startTwoAgents();
  words = await foreignWords(team.api, team.ann);
});
afterAll(() => team.close());

const forms = (path: string) => [path, `${path}${path.includes('?') ? '&' : '?'}format=csv`];

/** All that can be read under a route, with ids of Ann's and of others'; a new route fails here. */
const reads: Readonly<Record<string, () => string[]>> = {
  'GET /v1/leads/{id}': () =>
    Object.values(team.ids)
      .flat()
      .map((id) => `/v1/leads/${id}`),
  'GET /v1/leads': () => {
    const { other, sold } = team.ids;
    return [
      '',
      'include=test,duplicate',
      'q=bob',
      'q=secret',
      'source=bobs-source',
      'agent_id=none',
      `duplicate_of=${other}`,
      `duplicate_of=${sold}`,
      `experiment_id=${team.experiment}`,
      `experiment_id=${team.experiment}&group_name=control`,
      'converted=true',
      'utm_campaign=bobs-campaign',
      'limit=1',
      'basis=converted',
      `agent_id=${team.bob}`,
      `agent_id=${team.ann}`,
    ].flatMap((query) => forms(`/v1/leads?${query}`));
  },
  'GET /v1/leads/{id}/events': () =>
    Object.values(team.ids)
      .flat()
      .flatMap((id) => forms(`/v1/leads/${id}/events`)),
  'GET /v1/events': () =>
    [
      '',
      'include=voided',
      'source=bobs-source',
      `lead_id=${team.ids.other}`,
      'limit=1',
      `agent_id=${team.bob}`,
      'event_type=closed',
      `lead_id=${team.ids.given}`,
    ].flatMap((query) => forms(`/v1/events?${query}`)),
  'GET /v1/corrections': () => {
    const { other, twin, calls } = team.ids;
    return [
      '',
      'kind=lead',
      'kind=event',
      'kind=agent',
      `lead_id=${other}`,
      `subject_id=${other}`,
      `subject_id=${calls[1]}`,
      `lead_id=${twin}`,
      'limit=1',
    ].flatMap((query) => forms(`/v1/corrections?${query}`));
  },
  'GET /v1/agents': () =>
    ['', 'active=true', 'external_id=bob-1', 'limit=1'].flatMap((query) =>
      forms(`/v1/agents?${query}`),
    ),
  'GET /v1/agents/{id}': () => [team.ann, team.bob].map((id) => `/v1/agents/${id}`),
  'GET /v1/skills': () => forms('/v1/skills'),
  'GET /v1/skills/{id}': () => [`/v1/skills/${crypto.randomUUID()}`],
  'GET /v1/experiments': () => forms('/v1/experiments'),
  'GET /v1/experiments/{id}': () => [`/v1/experiments/${crypto.randomUUID()}`],
  'GET /v1/experiments/{id}/looks': () => [`/v1/experiments/${crypto.randomUUID()}/looks`],
  'GET /v1/spend': () => forms('/v1/spend'),
  'GET /v1/workspace': () => ['/v1/workspace'],
  'GET /v1/reports': () => ['/v1/reports'],
  'GET /v1/reports/{report}': () =>
    reports.flatMap((report) =>
      shapesOf(report).flatMap((shape) =>
        forms(`/v1/reports/${report.name}?${new URLSearchParams(shape)}`),
      ),
    ),
  'GET /v1/hook-mappings': () => forms('/v1/hook-mappings'),
  'GET /v1/hook-mappings/{source}': () => ['/v1/hook-mappings/bobs-source'],
  'GET /v1/hook-presets': () => ['/v1/hook-presets'],
  'GET /v1/sla-policies': () => forms('/v1/sla-policies'),
  'GET /v1/alert-rules': () => forms('/v1/alert-rules'),
  'GET /v1/incidents': () => forms('/v1/incidents'),
  'GET /v1/incidents/{id}': () => [`/v1/incidents/${crypto.randomUUID()}`],
  'GET /v1/keys': () => forms('/v1/keys'),
  'GET /v1/audit': () => forms('/v1/audit'),
  'GET /v1/health': () => ['/v1/health'],
  'GET /': () => ['/'],
  'GET /v1/openapi.json': () => ['/v1/openapi.json'],
};

const gets = routes.filter((route) => route.method === 'GET').map(routeKey);

test.each(gets)('%s tells an agent nothing of what is not theirs', async (route) => {
  const { api, asAnn } = team;
  expect(words.length).toBeGreaterThan(20);
  const profile = ['Bobwin', 'Bobson', 'bobwin@team.example', '555 0177', 'bob-1', '66666.66'];
  const asked = reads[route]?.() ?? [];
  expect(asked.length, `nothing is read of ${route}`).toBeGreaterThan(0);
  for (const path of asked) {
    const { text, status } = await asAnn.get(path);
    expect(status, path).toBeLessThan(500);
    expect(
      [...words, ...profile].filter((word) => text.includes(word)),
      path,
    ).toEqual([]);
    // And who sees all gets an answer, too: the parameters are those of the route.
    expect((await api.get(path)).status, path).toBeLessThan(500);
  }
});

test('who sees all is told every one of these words, or the test above says nothing', async () => {
  const paths = ['leads?include=test,duplicate&format=csv', 'events?include=voided', 'corrections'];
  const lists = [...paths, 'agents', 'spend'].map((path) => team.api.get(`/v1/${path}`));
  const text = (await Promise.all(lists)).map((answer) => answer.text).join();
  const created = await team.api.sql<{ id: string }>(
    "select id from lead_events where event_type = 'created'",
  );
  const listed = words.filter((word) => !created.some(({ id }) => id === word));
  expect(listed.filter((word) => !text.includes(word))).toEqual([]);
});

describe('what an agent sees is what a manager sees of that agent', () => {
  const same = async (path: string, ofAnn: string) => {
    const [mine, theirs] = [await team.asAnn.get(path), await team.api.get(ofAnn)];
    expect(mine.status, mine.text).toBe(200);
    const { as_of: _, ...own } = mine.body;
    const { as_of: __, ...seen } = theirs.body;
    return [own, seen];
  };

  const filtered = reports.filter(
    ({ name, takes }) =>
      takes.includes('agent_id') && name !== 'data-quality' && name !== 'duplicates',
  );
  test.each(filtered.map(({ name }) => name))('in the report %s', async (name) => {
    const report = reports.find((one) => one.name === name);
    for (const shape of report ? shapesOf(report) : []) {
      // Seen at one moment: who waits, waits longer from one request to the next.
      const now = new Date().toISOString();
      const query = new URLSearchParams(shape);
      if (report?.takes.includes('as_of')) query.set('as_of', now);
      const path = `/v1/reports/${name}?${query}`;
      const [own, seen] = await same(path, `${path}&agent_id=${team.ann}`);
      expect(own, path).toEqual(seen);
      const [asked] = await same(`${path}&agent_id=${team.ann}`, path);
      expect(asked, path).toEqual(own);
    }
  });

  test('in the leads, but for an original that is not theirs', async () => {
    const path = '/v1/leads?include=test,duplicate';
    const [own, seen] = await same(path, `${path}&agent_id=${team.ann}`);
    const { twin, again, given, sold } = team.ids;
    expect(own.items.map((lead: { id: string }) => lead.id).toSorted()).toEqual(
      [sold, again, twin, given].toSorted(),
    );
    const hidden = seen.items.map((lead: { id: string; duplicate_of: string | null }) =>
      lead.id === twin ? { ...lead, duplicate_of: null } : lead,
    );
    expect(own).toEqual({ ...seen, items: hidden });
  });

  test("in an experiment's arm", async () => {
    const path = `/v1/leads?experiment_id=${team.experiment}&group_name=control`;
    const [own] = await same(path, `${path}&agent_id=${team.ann}`);
    const { again, given, sold } = team.ids;
    expect(own.items.map((lead: { id: string }) => lead.id).toSorted()).toEqual(
      [sold, again, given].toSorted(),
    );
  });

  test('in the events and corrections of all leads', async () => {
    const { twin, again, given, sold } = team.ids;
    for (const list of ['events', 'corrections']) {
      const [own] = await same(`/v1/${list}`, `/v1/${list}`);
      const ofEach = [];
      for (const lead of [sold, again, given, twin]) {
        ofEach.push(...(await team.api.get(`/v1/${list}?lead_id=${lead}`)).body.items);
      }
      const ids = (items: { id: string }[]) => items.map((item) => item.id).toSorted();
      expect(ids(own.items), list).toEqual(ids(ofEach));
      expect(own.total, list).toBe(ofEach.length);
      expect(ofEach.length, list).toBeGreaterThan(3);
    }
  });

  test('in a lead and its events, page by page', async () => {
    for (const lead of [team.ids.sold, team.ids.given]) {
      for (const path of [`/v1/leads/${lead}`, `/v1/leads/${lead}/events?limit=2`]) {
        const [own, seen] = await same(path, path);
        expect(own).toEqual(seen);
      }
    }
    const first = await team.asAnn.get('/v1/leads?limit=3');
    expect([first.body.items.length, first.body.total]).toEqual([3, 3]);
    const pages = await team.asAnn.get('/v1/leads?limit=2');
    const rest = await team.asAnn.get(`/v1/leads?limit=2&cursor=${pages.body.next_cursor}`);
    expect([...pages.body.items, ...rest.body.items]).toEqual(first.body.items);
  });

  test('in the total, too, whoever a cursor was given to', async () => {
    for (const list of ['leads', 'events', 'corrections']) {
      const all = await team.api.get(`/v1/${list}?limit=1`);
      const own = await team.asAnn.get(`/v1/${list}`);
      const page = await team.asAnn.get(`/v1/${list}?cursor=${all.body.next_cursor}`);
      expect(page.body.total, list).toBe(own.body.total);
      expect(page.body.total, list).toBeLessThan(all.body.total);
    }
  });

  test('in the own profile, the only one there is', async () => {
    const path = `/v1/agents/${team.ann}`;
    const [own, seen] = await same(path, path);
    expect(own).toEqual(seen);
    const { body } = await team.asAnn.get('/v1/agents');
    expect(body).toEqual({ items: [seen], next_cursor: null, total: 1 });
  });
});
