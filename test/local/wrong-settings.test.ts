import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';

const likePostgres = 'DATABASE_URL must be like postgres://user:password@host:5432/database.';

test.each([
  ['start', { PORT: 'abc' }, 'PORT must be a number up to 65535, and is "abc".'],
  ['start', { CHECK_MINUTES: '7' }, 'CHECK_MINUTES must be 5, 10, 15, 20, 30 or 60, and is "7".'],
  ['start', { DATABASE_URL: 'secret' }, likePostgres],
  ['start', { DATABASE_URL: 'https://localhost/leads' }, likePostgres],
  ['migrate', { DATABASE_URL: 'postgres://localhost' }, likePostgres],
  ['migrate', {}, 'Set DATABASE_URL. Without it, npm start migrates its own database by itself.'],
])('%s with %o says what is wrong in one line, and fails', async (command, env, sentence) => {
  const { code, stdout, stderr } = await runCommand([command], { cwd: tmpdir(), env });
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
});
