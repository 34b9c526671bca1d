import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createKey, type KeyPayload, parseKeySecrets } from '../core/access/keys.ts';
import { readDeployedSecret } from '../core/access/secrets.ts';

/** Where this checkout keeps what it must not lose. */
export const stateFolder = '.leadpulse';

/** The file of the key-signing secret on one machine. */
export const keySecretFile = `${stateFolder}/key-secret.json`;

/** Makes the secret's file, readable by its owner alone, where there is none. */
export async function ensureKeySecret(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ current: newSecret() }), {
    mode: 0o600,
    flag: 'wx',
  }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** A key signed by the file's current secret. */
export async function createLocalKey(file: string, payload: Omit<KeyPayload, 'id'>) {
  const [secret = ''] = parseKeySecrets(await readFile(file, 'utf8'));
  return createKey(payload, secret);
}

/** A new secret in the file; the one before stays valid. A reader never sees half a file. */
export async function rotateLocalSecret(file: string): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, successorOf(await readFile(file, 'utf8')), { mode: 0o600 });
  await rename(next, file);
}

/** The same in Secrets Manager. */
export async function rotateDeployedSecret(arn: string): Promise<void> {
  const text = successorOf(await readDeployedSecret(arn));
  const { SecretsManagerClient, PutSecretValueCommand } = await import(
    '@aws-sdk/client-secrets-manager'
  );
  const command = new PutSecretValueCommand({ SecretId: arn, SecretString: text });
  await new SecretsManagerClient({}).send(command);
}

function successorOf(text: string): string {
  const [previous] = parseKeySecrets(text);
  return JSON.stringify({ current: newSecret(), previous });
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
