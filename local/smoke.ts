import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const usage = `npm run smoke -- --url URL [--key KEY]

  Walks through a leadpulse from a lead that comes in to a report, with a lead that is marked as a
  test and counted nowhere. Ends with 1 at the first step that goes wrong. As often as one likes,
  and by several at once.
  --url  its address, as the stack prints it (ApiUrl)
  --key  a key with leads:write, events:write and reports:read, also from LEADPULSE_KEY; with admin
         the lead's made-up person is erased at the end`;

/** All runs take in leads of this source, and each one of its own. */
const source = 'leadpulse-smoke';

/** How long a database that sleeps, or a lead in the queue, is waited for. */
const patienceMs = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: looks into answers of every form
type Body = any;

interface Answer {
  readonly status: number;
  readonly body: Body;
}

type Ask = (path: string, options?: { body?: object; key?: string | null }) => Promise<Answer>;

/** A walk: how it asks, and its own lead, `id` once it is in. */
interface Walk {
  readonly ask: Ask;
  readonly external_id: string;
  readonly email: string;
  id: string;
}

/** In their order. Each says what it found, or throws what is wrong. */
const steps: Record<string, (walk: Walk) => Promise<string>> = {
  health,
  description,
  stranger,
  lead,
  list,
  event,
  report,
};

async function smoke(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } });
  const { url = '', key = process.env.LEADPULSE_KEY } = values;
  if (!/^https?:\/\/[^/]/.test(url) || !key) throw new Error(usage);
  const external_id = `smoke-${randomUUID()}`;
  const ask = askerAt(url.replace(/\/+$/, ''), key);
  const walk: Walk = { ask, external_id, email: `${external_id}@example.com`, id: '' };
  let isWell = true;
  for (const [name, work] of Object.entries(steps)) {
    isWell = isWell && (await take(name, () => work(walk)));
  }
  // Also of a walk that went wrong nothing is left that need not be.
  if (walk.id !== '') isWell = (await take('cleanup', () => cleanUp(walk))) && isWell;
  if (!isWell) process.exitCode = 1;
}

/** Takes one step and says how long it took, and what it found or what is wrong. */
async function take(name: string, work: () => Promise<string>): Promise<boolean> {
  const startedAt = performance.now();
  const line = (said: string) => {
    const milliseconds = `${Math.round(performance.now() - startedAt)}`;
    return `${name.padEnd(11)} ${milliseconds.padStart(6)} ms  ${said}`;
  };
  return work().then(
    (said) => {
      console.log(line(said));
      return true;
    },
    (error: Error) => {
      console.error(line(`FAILED: ${error.message}`));
      return false;
    },
  );
}

async function health({ ask }: Walk) {
  const { body } = await until('The database', async () => {
    const answer = await ask('/v1/health', { key: null });
    return answer.status === 503 ? undefined : expectStatus(answer, 200);
  });
  const { status, latest_migration, alert_subscribers } = body;
  const heard = alert_subscribers ? `${alert_subscribers.confirmed} hear alerts` : 'no check yet';
  return `${status}, migrated to ${latest_migration}, ${heard}`;
}

async function description({ ask }: Walk) {
  const { body } = expectStatus(await ask('/v1/openapi.json', { key: null }), 200);
  const { openapi, paths = {} } = body;
  expect(/^3\.1/.test(openapi) && '/v1/leads' in paths, 'This is not the API of leadpulse.');
  return `OpenAPI ${openapi}, ${Object.keys(paths).length} addresses`;
}

async function stranger({ ask }: Walk) {
  const { status } = await ask('/v1/leads', { key: null });
  expect(status === 401, `Without a key the list answers ${status}, and should 401.`);
  // API Gateway says 403 where the authorizer refuses what was sent.
  const forged = await ask('/v1/leads', { key: 'lp_made-up' });
  expect([401, 403].includes(forged.status), `A made-up key gets ${forged.status}, not 403.`);
  return 'is refused, without a key and with a made-up one';
}

async function lead(walk: Walk) {
  const { ask, external_id, email } = walk;
  const body = { source, external_id, email, first_name: 'Smoke', is_test: true };
  const taken = expectStatus(await ask('/v1/leads', { body }), 201, 202);
  walk.id = taken.body.id;
  await stored(walk);
  const again = expectStatus(await ask('/v1/leads', { body }), 200, 202);
  expect(again.body.id === walk.id, 'The same lead, sent again, became another one.');
  const how = taken.status === 202 ? 'queued, then stored' : 'stored';
  return `${how}, and the same when sent again: ${walk.id}`;
}

async function list({ ask, email, id }: Walk) {
  const idsOf = async (more: string): Promise<string[]> => {
    const path = `/v1/leads?source=${source}&q=${email}${more}`;
    return expectStatus(await ask(path), 200).body.items.map((one: { id: string }) => one.id);
  };
  expect(`${await idsOf('&include=test')}` === id, 'The list does not show the lead.');
  expect(`${await idsOf('')}` === '', 'The list shows a test lead among those that count.');
  return 'shows it among tests, and not among those that count';
}

async function event(walk: Walk) {
  const { ask, id, external_id } = walk;
  const body = { event_type: 'contacted', event_source: 'agent', external_id };
  expectStatus(await ask(`/v1/leads/${id}/events`, { body }), 201, 202);
  await until('What happened to the lead', async () => {
    const { current_stage, first_contacted_at } = await stored(walk);
    return current_stage === 'contacted' && first_contacted_at ? true : undefined;
  });
  return 'moved it to contacted';
}

/** Of this source only: whoever else works there does not change what is seen here. */
async function report({ ask }: Walk) {
  const path = `/v1/reports/executive-summary?source=${source}`;
  const { rows, excluded } = expectStatus(await ask(path), 200).body;
  const counted = rows[0]?.total_leads;
  expect(counted === 0, `It counts ${counted} leads of ${source}, and all of them are tests.`);
  expect(excluded.test > 0, 'It does not know of the test lead.');
  return `counts 0 leads of ${source}, leaves out ${excluded.test} as tests`;
}

async function cleanUp({ ask, id }: Walk) {
  const erased = await ask(`/v1/leads/${id}/erase`, { body: {} });
  const stays = 'stays, as a test that nothing counts';
  if (erased.status === 403) {
    return `the key lacks "admin" and may not erase: ${id} with its made-up e-mail ${stays}`;
  }
  const { email, erased_at } = expectStatus(erased, 200).body;
  expect(email === null && erased_at !== null, `The person of ${id} was not erased.`);
  return `the made-up person is erased; the empty lead ${id} ${stays}`;
}

/** A lead, once it is stored: for a while after a 202 it is in the queue. */
function stored({ ask, id }: Walk): Promise<Body> {
  return until('The lead', async () => {
    const answer = await ask(`/v1/leads/${id}`);
    const isAway = answer.status === 404 || answer.status === 503;
    return isAway ? undefined : expectStatus(answer, 200).body;
  });
}

/** Asks until there is an answer. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const givenUpAt = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    expect(Date.now() < givenUpAt, `${what} is not there after ${patienceMs / 1000} seconds.`);
    await pause(1000);
  }
}

function askerAt(url: string, ownKey: string): Ask {
  return async (path, { body, key = ownKey } = {}) => {
    const headers = {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const method = body ? 'POST' : 'GET';
    const signal = AbortSignal.timeout(30_000);
    const answer = await fetch(url + path, {
      method,
      headers,
      signal,
      ...(body && { body: JSON.stringify(body) }),
    }).catch(({ cause, name }) => {
      throw new Error(`${url} cannot be reached (${cause?.code ?? name}).`);
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  };
}

function expectStatus(answer: Answer, ...allowed: number[]): Answer {
  const { status, body } = answer;
  if (allowed.includes(status)) return answer;
  const detail = body.detail ?? body.message ?? 'nothing that can be read';
  if (status === 401 || status === 403) {
    throw new Error(
      `The key is refused (${status}: ${detail}). It needs more scopes, or is no key.`,
    );
  }
  throw new Error(`The answer is ${status} (${detail}), and should be ${allowed.join(' or ')}.`);
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

smoke().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
