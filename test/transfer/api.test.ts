import { afterEach, describe, expect, test } from 'vitest';
import { ask, refusalOf } from '../../transfer/api.ts';
import { type Step, startScriptedServer } from '../setup/scripted-server.ts';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
afterEach(() => server.close());

const post = {
  method: 'POST',
  path: '/v1/leads/batch?dry_run=true',
  body: '{"items":[]}',
} as const;
const at = async (...steps: [Step, ...Step[]]) => {
  server = await startScriptedServer(steps);
  return { url: server.url, key: 'lp_key' };
};
const soon = { 'retry-after': '0' };

describe('a request', () => {
  test('carries the key and comes back with what was answered, whatever it is', async () => {
    const address = await at({ status: 422, body: { detail: 'No.' } });
    expect(await ask(address, post)).toMatchObject({ status: 422, body: { detail: 'No.' } });
    expect(server.requests).toEqual([{ ...post, authorization: 'Bearer lp_key' }]);
  });

  test.each([408, 429, 502, 503, 504])(
    'is sent again after %i, when it is told to',
    async (status) => {
      const address = await at({ status, headers: soon }, { status: 200, body: { results: [] } });
      const waits: string[] = [];
      const answer = await ask(address, { ...post, onWait: (why) => waits.push(why) });
      expect(answer.status).toBe(200);
      expect(waits).toEqual([`is busy (${status})`]);
      expect(server.requests.map(({ body }) => body)).toEqual([post.body, post.body]);
    },
  );

  test('is sent again after a connection that broke', async () => {
    const address = await at('cut', { status: 200, body: { results: [] } });
    expect((await ask(address, post)).status).toBe(200);
    expect(server.requests.length).toBe(2);
  });

  test('is given up with a sentence when patience is at its end', async () => {
    const address = await at({ status: 503 });
    const impatient = ask(address, { ...post, patienceMs: 30 });
    await expect(impatient).rejects.toThrow(`${address.url} is busy (503).`);
    expect(server.requests.length).toBe(2);
  });

  test('is given up at once when nobody was ever there', async () => {
    const address = await at({ status: 503, headers: soon }, { status: 200 });
    expect((await ask(address, { ...post, first: true })).status).toBe(200);
    server.close();
    const nobody = ask(address, { ...post, first: true });
    await expect(nobody).rejects.toThrow(`${address.url} cannot be reached (ECONNREFUSED).`);
  });

  test('ends at once when it is stopped, also while it waits', async () => {
    const address = await at({ status: 503, headers: { 'retry-after': '60' } });
    const stop = new AbortController();
    const waiting = ask(address, {
      ...post,
      signal: stop.signal,
      onWait: () => stop.abort(new Error('Stopped.')),
    });
    await expect(waiting).rejects.toThrow('Stopped.');
  });
});

const answer = { headers: new Headers(), text: '' };

test.each([
  [403, {}, 'http://x refuses this key: it is not one of its own, or lacks "leads:write".'],
  [404, {}, 'http://x has no /v1/leads/batch: it is no leadpulse, or an older one.'],
  [413, { message: 'Request Entity Too Large' }, 'http://x answered 413: Request Entity Too Large'],
  [
    500,
    { detail: 'Something went wrong on our side.', request_id: 'r1' },
    'http://x answered 500, request r1: Something went wrong on our side.',
  ],
])('%i for a whole request is a sentence', (status, body, sentence) => {
  expect(refusalOf({ url: 'http://x', key: '' }, post, { ...answer, status, body })).toBe(sentence);
});
