import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMessage } from '../../core/queue/message.ts';
import { watchDeadLetters } from '../../local/dead-letters.ts';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

/** The command on the queues of this machine. */
async function redrive(...flags: string[]) {
  const { ingestUrl, deadLettersUrl } = api.machine.messages;
  const queues = ['--queue', ingestUrl, '--dead-letters', deadLettersUrl];
  const env = { ...api.machine.environment };
  return runCommand(['redrive', ...queues, ...flags], { cwd: process.cwd(), env });
}

/** Puts something among the dead letters, with a reason. */
async function putAside(MessageBody: string, reason: string) {
  const { MessageId } = await api.machine.messages.sqs.send(
    new SendMessageCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      MessageBody,
      MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
    }),
  );
  return String(MessageId);
}

test('what was put aside is put back once its cause is mended, and is stored once', async () => {
  const agent = v7();
  const item = { id: v7(), source: 'redriven', event_source: 'automation', agent_id: agent };
  await putAside(writeMessage('leads', item), 'agent_id_known');
  await api.post('/v1/agents/batch', {
    items: [{ id: agent, first_name: 'Bea', last_name: 'Lund' }],
  });
  expect((await redrive()).stdout).toBe('1 put back:\n  1 × agent_id_known\n');
  await expect
    .poll(async () => (await api.get(`/v1/leads/${item.id}`)).body.assigned_agent_id, {
      timeout: 20_000,
    })
    .toBe(agent);
  expect((await redrive()).stdout).toBe('There is nothing that could not be stored.\n');
});

test('a dry run says what is there and leaves it there', async () => {
  const id = await putAside('not a message', 'not_a_message');
  const looked = new RegExp(
    `^1 to be looked at:\n  1 × not_a_message\n${id}  unknown   20\\S+Z  not_a_message\n$`,
  );
  expect((await redrive('--dry-run')).stdout).toMatch(looked);
  // At once again, and for the command that puts them back.
  expect((await redrive('--dry-run')).stdout).toMatch(looked);
  expect((await redrive()).stdout).toBe('1 put back:\n  1 × not_a_message\n');
  await expect
    .poll(async () => (await redrive('--dry-run')).stdout, { timeout: 20_000 })
    .toContain('1 to be looked at');
  const [again] = /[0-9a-f-]{36}/.exec((await redrive('--dry-run')).stdout) ?? [];
  expect((await redrive('--drop', '--only', String(again))).stdout).toMatch(/^1 dropped:/);
});

test('one of them can be shown, dropped or put back, and the others stay', async () => {
  // Of one lead: as when two bodies came under one Idempotency-Key.
  const lead = v7();
  const unknown = { id: lead, event_source: 'automation', agent_id: v7() };
  const letter = (source: string) =>
    putAside(writeMessage('leads', { ...unknown, source }), 'agent_id_known');
  const [kept, bad] = [await letter('kept'), await letter('bad')];
  expect((await redrive('--show', '--only', bad)).stdout).toMatch(
    new RegExp(`^1 shown:\n  1 × agent_id_known\n${bad}  leads ${lead}  .*\n{.*"bad".*}\n$`),
  );
  expect((await redrive('--drop')).stderr).toMatch(/--only ID: what is dropped is lost/);
  expect((await redrive('--drop', '--only', bad)).stdout).toBe(
    '1 dropped:\n  1 × agent_id_known\n',
  );
  expect((await redrive('--only', bad)).stdout).toBe(`No dead letter is called ${bad}.\n`);
  expect((await redrive('--dry-run')).stdout).toMatch(
    new RegExp(`^1 to be looked at:.*\n.*\n${kept}  leads ${lead}  `),
  );
});

test('who runs leadpulse is told that something was put aside, once', async () => {
  const told: string[] = [];
  const watch = watchDeadLetters(api.machine.messages, (line) => told.push(line), 20);
  try {
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    await putAside('another', 'not_a_message');
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(2);
    expect(told[1]).toMatch(/2 leads and events could not be stored\n.*npm run redrive/);
  } finally {
    await watch.stop();
  }
});
