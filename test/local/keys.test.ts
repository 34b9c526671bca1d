import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idOf, parseKeySecrets, verifyKey } from '../../core/access/keys.ts';
import {
  createLocalKey,
  ensureKeySecret,
  keySecretFile,
  rotateLocalSecret,
} from '../../local/key-secret.ts';
import { runCommand } from '../setup/command.ts';
import { startTestMachine } from '../setup/machine.ts';
import { copyProject } from '../setup/project.ts';
import { startSecretsManager } from '../setup/secrets-manager.ts';

const run = promisify(execFile);

/** What `npm run keys -- …` prints. */
async function keys(given: string[], environment: Record<string, string> = {}): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await run(process.execPath, ['local/run.mjs', 'keys', ...given], { env });
  return stdout.trim();
}

test('a key says what was asked for, signed by the secret of this machine', async () => {
  const key = await keys([
    'create',
    '--scopes',
    'events:write,leads:write',
    '--source',
    ' Zillow ',
  ]);
  const secrets = parseKeySecrets(await readFile(keySecretFile, 'utf8'));
  expect(verifyKey(key, secrets)).toMatchObject({
    scopes: ['leads:write', 'events:write'],
    source: 'zillow',
  });
  expect(verifyKey(key, ['x'.repeat(43)])).toBeUndefined();
  expect((await stat(keySecretFile)).mode & 0o777).toBe(0o600);
});

test('a key for a deployment is signed by its secret, which can be rotated', async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys';
  const current = 'k'.repeat(64);
  const manager = await startSecretsManager({ arn, text: JSON.stringify({ current }) });
  try {
    const environment = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const key = await keys(['create', '--secret-arn', arn], environment);
    expect(verifyKey(key, [current])?.scopes).toContain('admin');
    await keys(['rotate', '--secret', '--secret-arn', arn], environment);
    const [fresh, previous] = parseKeySecrets(manager.secret.text);
    expect(previous).toBe(current);
    expect(
      verifyKey(await keys(['create', '--secret-arn', arn], environment), [fresh ?? '']),
    ).toEqual(expect.objectContaining({ scopes: expect.arrayContaining(['admin']) }));
  } finally {
    manager.close();
  }
});

test('a scope that does not exist is refused with those that do', async () => {
  const wrong = keys(['create', '--scopes', 'everything']);
  await expect(wrong).rejects.toThrow(/no scope "everything"[\s\S]*reports:read,leads:write/);
});

test('a key of one source cannot read the workspace', async () => {
  const wrong = keys(['create', '--source', 'zillow', '--scopes', 'reports:read']);
  await expect(wrong).rejects.toThrow(/one source can have leads:write and events:write/);
});

test('a new signing secret leaves the one before valid, in a file of mode 600', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-secret-'));
  try {
    const file = join(folder, 'key-secret.json');
    await ensureKeySecret(file);
    const rights = { scopes: ['admin' as const] };
    const first = await createLocalKey(file, rights);
    await rotateLocalSecret(file);
    const second = await createLocalKey(file, rights);
    const secrets = async () => parseKeySecrets(await readFile(file, 'utf8'));
    for (const key of [first, second]) expect(verifyKey(key, await secrets())).toBeDefined();
    await rotateLocalSecret(file);
    expect(verifyKey(first, await secrets())).toBeUndefined();
    expect(verifyKey(second, await secrets())).toBeDefined();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('with a leadpulse that runs', () => {
  let api: Awaited<ReturnType<typeof startTestMachine>>;
  let project: Awaited<ReturnType<typeof copyProject>>;

  beforeAll(async () => {
    api = await startTestMachine();
    project = await copyProject();
    const state = join(project.folder, '.leadpulse');
    await mkdir(state, { recursive: true });
    await copyFile(api.keySecretFile, join(state, 'key-secret.json'));
    const running = { pid: 1, url: api.url, environment: api.machine.environment };
    await writeFile(join(state, 'machine.json'), JSON.stringify(running));
  });
  afterAll(async () => {
    await project.remove();
    await api.close();
  });

  const here = async (...words: string[]) => {
    const options = { cwd: project.folder, project: project.folder };
    const said = await runCommand(['keys', ...words], options);
    if (said.code !== 0) throw new Error(said.stderr);
    return said.stdout.trim();
  };

  test('keys are made, listed, rotated and revoked through it', async () => {
    const key = await here('create', '--scopes', 'leads:write', '--label', 'the website');
    const id = idOf(key) ?? '';
    expect(await here('list')).toMatch(new RegExp(`${id} .* valid  leads:write  -  the website`));
    const successor = await here('rotate', id, '--grace-hours', '1');
    expect(
      verifyKey(successor, parseKeySecrets(await readFile(api.keySecretFile, 'utf8'))),
    ).toEqual({ id: idOf(successor), first_id: id, scopes: ['leads:write'] });
    expect(await here('revoke', successor)).toContain(`${idOf(successor)} is revoked`);
    const shown = (await here('list')).split('\n');
    expect(shown.filter((line) => line.includes(' revoked '))).toHaveLength(2);
  });

  test('one made offline is revoked by its text, by an admin’s key elsewhere too', async () => {
    const key = await here('create');
    const admin = ['--url', api.url, '--key', api.key];
    expect(await here('revoke', key, ...admin)).toContain('within two minutes');
    expect(await here('list', ...admin)).toContain(`${idOf(key)}`);
    await expect(here('list', '--url', api.url, '--key', 'lp_e30_x')).rejects.toThrow(/refuses/);
    await expect(here('revoke', 'key_1')).rejects.toThrow(/neither a key/);
    await expect(here('rotate', 'key_0123456789abcdef')).rejects.toThrow(/404: No key/);
  });
});
