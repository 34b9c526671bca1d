import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseKeySecrets, verifyKey } from '../../core/access/keys.ts';
import { keySecretFile } from '../../local/key-secret.ts';
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

test("a key for a deployment is signed by the deployment's secret", async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys';
  const current = 'k'.repeat(64);
  const manager = await startSecretsManager({ arn, text: JSON.stringify({ current }) });
  try {
    const key = await keys(['create', '--secret-arn', arn], {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    expect(verifyKey(key, [current])?.scopes).toContain('admin');
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
