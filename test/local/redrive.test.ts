import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMessage } from '../../core/queue/message.ts';
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

test('what was put aside is put back once its cause is mended, and is stored once', async () => {
  const agent = v7();
  const item = { id: v7(), source: 'redriven', event_source: 'automation', agent_id: agent };
  await api.machine.messages.sqs.send(
    new SendMessageCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      MessageBody: writeMessage('leads', item),
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'agent_id_known' } },
    }),
  );
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
  await api.machine.messages.sqs.send(
    new SendMessageCommand({
      QueueUrl: api.machine.messages.deadLettersUrl,
      MessageBody: 'not a message',
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'not_a_message' } },
    }),
  );
  const looked = '1 to be looked at:\n  1 × not_a_message\n';
  expect((await redrive('--dry-run')).stdout).toBe(looked);
  // At once again, and for the command that puts them back.
  expect((await redrive('--dry-run')).stdout).toBe(looked);
  expect((await redrive()).stdout).toBe('1 put back:\n  1 × not_a_message\n');
});
