import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createKey, type KeyPayload, parseKeySecrets } from '../core/access/keys.ts';

/** Where this checkout keeps what it must not lose. */
export const stateFolder = '.leadpulse';

/** The file of the key-signing secret on one machine. */
export const keySecretFile = `${stateFolder}/key-secret.json`;

/** Makes the secret's file, readable by its owner alone, where there is none. */
export async function ensureKeySecret(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const secret = JSON.stringify({ current: randomBytes(32).toString('base64url') });
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** A key signed by the file's current secret. */
export async function createLocalKey(file: string, payload: Omit<KeyPayload, 'id'>) {
  const [secret = ''] = parseKeySecrets(await readFile(file, 'utf8'));
  return createKey(payload, secret);
}
