import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { openShell, shows, stepsOf } from '../setup/console.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';
import { subscribe } from '../setup/subscriber.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let project: Awaited<ReturnType<typeof copyProject>>;
let sns: SNSClient;
beforeAll(async () => {
  [api, project] = await Promise.all([startTestMachine(), copyProject()]);
  sns = new SNSClient({ endpoint: api.machine.messages.url });
});
afterAll(async () => {
  sns.destroy();
  await Promise.all([api.close(), project.remove()]);
});

/** As somebody runs it whose credentials are those of this machine's SNS. */
const alertsTest = (...flags: string[]) => {
  const { AWS_REGION: _, ...env } = api.machine.environment;
  return runCommand(['alerts-test', ...flags], { cwd: process.cwd(), env });
};

const topicNamed = async (Name: string) =>
  (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
const invite = (TopicArn: string, Endpoint: string) =>
  sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));

/** In the copy of the project, so that its commands find the machine. */
const announce = () => {
  const { url, machine } = api;
  const running = { pid: 1, url, environment: machine.environment };
  return writeFile(join(project.folder, '.leadpulse/machine.json'), JSON.stringify(running));
};
const page = readFileSync('docs/alerts.md', 'utf8');

test('docs/alerts.md says what its commands answer', async () => {
  await announce();
  const shell = openShell({ cwd: project.folder, env: { LEADPULSE_KEY: api.key } });
  const steps = stepsOf(page.replaceAll('localhost:4000', new URL(api.url).host));
  expect(steps.length).toBeGreaterThan(8);
  for (const { command, shown } of steps) {
    const output = await shell.run(command);
    expect(shows(output, shown), `${command} shows\n${output}\ninstead of\n${shown}`).toBe(true);
  }
  shell.close();
  await api.machine.messages.receive();
});

describe('npm run alerts:test', () => {
  test('tries both topics of the machine that runs here', async () => {
    await announce();
    const { machine } = api;
    const { folder } = project;
    const run = () => runCommand(['alerts-test'], { cwd: folder, project: folder });
    const said = await run();
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const { command, shown } = stepsOf(page).at(-1) ?? { command: '', shown: '' };
    expect(command).toBe('npm run alerts:test');
    expect(shows(said.stdout, shown), said.stdout).toBe(true);
    await machine.messages.receive();

    const chat = await subscribe(machine.messages, { topicArn: machine.messages.chatTopicArn });
    expect(await run()).toMatchObject({ code: 0 });
    const [alert, ...more] = await machine.messages.receive();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      subject: 'leadpulse TEST critical: Oldest lead without an answer 25 h (limit 24 h)',
      attributes: { severity: 'critical', test: 'true' },
      message: { rule: 'alerts-test', test: true },
    });
    const [inChat] = await chat.received();
    expect(inChat.content.title).toBe(alert?.subject);
    expect(inChat.content.description).toMatch(/^This is a test with made-up figures\./);
  });

  test('says who has confirmed, where a filter is, and who has not', async () => {
    const topicArn = await topicNamed('mixed');
    const filterPolicy = { severity: ['info'] };
    const queue = await subscribe(api.machine.messages, { topicArn, filterPolicy });
    await invite(topicArn, 'ada@example.com');
    const { code, stdout } = await alertsTest('--topic', topicArn, '--severity', 'info');
    expect(code).toBe(0);
    // AWS lists subscriptions in no order.
    expect(stdout.split('\n').slice(1, 3).toSorted()).toEqual([
      expect.stringMatching(/^ {2}confirmed {2}sqs {2}arn:.*where \{"severity":\["info"\]\}$/),
      '  pending    email  ada@example.com',
    ]);
    expect(await queue.received()).toMatchObject([{ severity: 'info', test: true }]);
  });

  test('fails where nobody is subscribed, or nobody has confirmed', async () => {
    const topicArn = await topicNamed('unheard');
    const nobody = 'Nobody hears an alert: no subscription is confirmed.\n';
    const first = await alertsTest('--topic', topicArn);
    expect(first).toMatchObject({ code: 1, stderr: nobody });
    expect(first.stdout).toContain('  nobody is subscribed\n');
    await invite(topicArn, 'bob@example.com');
    expect(await alertsTest('--topic', topicArn)).toMatchObject({ code: 1, stderr: nobody });
  });

  // fauxqs gives each subscription an ARN from the beginning; AWS, a word in its place.
  test('knows AWS’s words for who has not confirmed, and for who was given up', async () => {
    const member = (arn: string, endpoint: string) =>
      `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol>
       <Endpoint>${endpoint}</Endpoint></member>`;
    const members =
      member('PendingConfirmation', 'ada@example.com') + member('Deleted', 'bob@example.com');
    const server = createServer(async (request, response) => {
      let form = '';
      for await (const chunk of request) form += chunk;
      const action = new URLSearchParams(form).get('Action');
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>
         <Subscriptions>${members}</Subscriptions></${action}Result></${action}Response>`,
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...api.machine.environment, AWS_ENDPOINT_URL_SNS: `http://127.0.0.1:${port}` };
    const flags = ['--topic', 'arn:aws:sns:eu-west-1:123456789012:alerts'];
    const said = await runCommand(['alerts-test', ...flags], { cwd: process.cwd(), env });
    server.close();
    expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody hears') });
    expect(said.stdout.split('\n').slice(1)).toEqual(['  pending    email  ada@example.com', '']);
  });

  test('fails for a chat that nobody connected, beside an alert topic that is heard', async () => {
    const { topicArn } = api.machine.messages;
    const chat = await topicNamed('unconnected');
    expect(await alertsTest('--topic', topicArn, '--chat-topic', chat)).toMatchObject({
      code: 1,
      stderr: 'Nobody hears the chat: no subscription is confirmed.\n',
    });
  });

  test.each([
    [['--topic', 'leadpulse-alerts'], /^"leadpulse-alerts" is not a topic: arn:.*\n$/],
    [['--severity', 'dire'], /^npm run alerts:test /],
    [['--topic', 'arn:aws:sns:us-east-1:000000000000:gone'], /^Topic does not exist\n$/],
  ])('%j is answered with a sentence', async (flags, sentence) => {
    expect(await alertsTest(...flags)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(sentence),
    });
  });
});
