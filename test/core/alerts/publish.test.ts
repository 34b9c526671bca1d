import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subjectOf, textOf } from '../../../core/alerts/message.ts';
import { publish } from '../../../core/alerts/publish.ts';
import { alertOf } from '../../setup/alert.ts';

const asked: URLSearchParams[] = [];
const answer = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
  <MessageId>1</MessageId></PublishResult></PublishResponse>`;
const sns = createServer(async (request, response) => {
  asked.push(new URLSearchParams(await text(request)));
  response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
});

beforeAll(async () => {
  await once(sns.listen(0, '127.0.0.1'), 'listening');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SNS: `http://127.0.0.1:${(sns.address() as AddressInfo).port}`,
  });
});
afterAll(() => {
  sns.close();
  sns.closeAllConnections();
});

test('machines get JSON, people by e-mail the text, a telephone its one line', async () => {
  const message = alertOf();
  await publish({ name: 'alerts', arn: 'arn:aws:sns:us-east-1:000000000000:alerts' }, message);
  const [form] = asked;
  expect(form?.get('MessageStructure')).toBe('json');
  const { default: json, ...people } = JSON.parse(form?.get('Message') ?? '');
  expect(JSON.parse(json)).toEqual(message);
  expect(people).toEqual({ email: textOf(message), sms: subjectOf(message) });
  // One part of an SMS, where all is ASCII.
  expect(people.sms.length).toBeLessThanOrEqual(140);
});
