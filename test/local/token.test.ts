import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let project: Awaited<ReturnType<typeof copyProject>>;
beforeAll(async () => {
  api = await startTestMachine();
  project = await copyProject();
});
afterAll(async () => {
  await project.remove();
  await api.close();
});

const token = (...words: string[]) =>
  runCommand(['token', ...words], { cwd: project.folder, project: project.folder });

test('a role that does not exist is refused with those that do', async () => {
  expect((await token('owner')).stderr).toContain('admin|manager|agent');
  expect((await token('admin', '--subject', 'ann lee')).stderr).toContain('without blanks');
  expect((await token('admin')).stderr).toContain('npm start');
});

test('a token is for the leadpulse that runs here, by a key of mode 600', async () => {
  const state = join(project.folder, '.leadpulse');
  await mkdir(state, { recursive: true });
  const running = { pid: 1, url: api.url, environment: api.machine.environment };
  await writeFile(join(state, 'machine.json'), JSON.stringify(running));
  const said = await token('agent', '--subject', 'ann');
  expect(said.stderr).toContain('"identity_subject" is "ann"');
  const [, payload = ''] = said.stdout.trim().split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  expect(claims).toMatchObject({
    iss: api.signing.issuer,
    sub: 'ann',
    'cognito:groups': ['agent'],
  });
  expect(claims.exp - claims.iat).toBe(8 * 3600);
  expect((await stat(join(state, 'token-key.json'))).mode & 0o777).toBe(0o600);
  // Signed by this folder's key, which is not the machine's: two machines are two issuers.
  const headers = { authorization: `Bearer ${said.stdout.trim()}` };
  expect((await fetch(`${api.url}/v1/workspace`, { headers })).status).toBe(403);
});
