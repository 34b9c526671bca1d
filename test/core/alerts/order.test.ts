import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../../core/database/client.ts';
import checkSlaSql from '../../../sql/alerts/check-sla.sql' with { type: 'text' };
import { startCheckedScene } from './checked-scene.ts';

const { scene, check } = await startCheckedScene();

/** Which publications SNS refuses, by what is in them. */
let isRefused = (_publication: string) => false;

// Before SNS: what it is not to take does not come through. Known before the first check.
const gate = createServer(async (request, response) => {
  const body = await text(request);
  const form = new URLSearchParams(body);
  if (form.get('Action') === 'Publish' && isRefused(form.get('Message') ?? '')) {
    response.writeHead(403, { 'content-type': 'text/xml' });
    response.end(`<ErrorResponse><Error><Code>AuthorizationError</Code>
      <Message>not now</Message></Error></ErrorResponse>`);
    return;
  }
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const answer = await fetch(scene.machine.messages.url, { method: 'POST', headers, body });
  response.writeHead(answer.status, { 'content-type': 'text/xml' });
  response.end(await answer.text());
});

beforeAll(async () => {
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  process.env.AWS_ENDPOINT_URL_SNS = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
});
afterAll(() => {
  gate.close();
  gate.closeAllConnections();
});

const heard = async () =>
  (await scene.received()).map(({ message }) => `${message.source} ${message.number}`);

test('a publication that fails holds up what its incident tells later, and no other', async () => {
  await scene.onlyRule({
    name: 'waits',
    metric: 'oldest_waiting_minutes',
    threshold: 60,
    split_by: 'source',
    reminder_hours: 1,
  });
  await scene.leads({ hoursAgo: 3, source: 'first' }, { hoursAgo: 2, source: 'second' });
  isRefused = () => true;
  await expect(check()).rejects.toThrow(/not now/);
  // SNS would take the reminder: it waits for the opening.
  isRefused = (message) => message.includes('first') && /transition\W+opened/.test(message);
  await expect(check(1)).rejects.toThrow(/not now/);
  expect(await heard()).toEqual(['second 1', 'second 2']);
  isRefused = () => false;
  expect(await check(2)).toMatchObject({ published: 4 });
  const told = await heard();
  expect(told.filter((one) => one.startsWith('first'))).toEqual(['first 1', 'first 2', 'first 3']);
  expect(told.filter((one) => one.startsWith('second'))).toEqual(['second 3']);
});

test('what a killed run still holds is waited for by what its incident tells later', async () => {
  await scene.leads({ hoursAgo: 25, source: 'third', events: [['contacted', 25.5]] });
  await query(checkSlaSql, { scheduled_at: scene.now, most: 20 });
  expect(await check(1)).toMatchObject({ broken: 0, published: 0 });
  await scene.sql(`update alert_messages set leased_until = now() - interval '1 s'`);
  expect(await check(2)).toMatchObject({ published: 2 });
  const received = await scene.received();
  expect(received.map(({ message }) => message.transition)).toEqual(['opened', 'resolved']);
});
