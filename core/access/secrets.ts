import { readFile } from 'node:fs/promises';
import { settings } from '../settings.ts';
import { type KeySecrets, parseKeySecrets } from './keys.ts';

/**
 * How long a read secret is used before it is read again: a rotation is seen after this at the
 * latest.
 */
const keptMilliseconds = 60_000;

let kept: { secrets: KeySecrets; readAt: number } | undefined;

/**
 * The workspace's signing secrets, the current one first. An old reading is kept over an outage.
 */
export async function keySecrets(): Promise<KeySecrets> {
  if (kept && Date.now() - kept.readAt < keptMilliseconds) return kept.secrets;
  try {
    kept = { secrets: parseKeySecrets(await readSecret()), readAt: Date.now() };
  } catch (error) {
    if (!kept) throw error;
    kept = { ...kept, readAt: Date.now() };
  }
  return kept.secrets;
}

/** The secret's text in Secrets Manager. */
export async function readDeployedSecret(arn: string): Promise<string> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import(
    '@aws-sdk/client-secrets-manager'
  );
  // Within the authorizer's 5 seconds, so that an old reading can still be used.
  const client = new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000 },
  });
  const answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  return answer.SecretString ?? '';
}

async function readSecret(): Promise<string> {
  const { KEY_SECRET_ARN, KEY_SECRET_FILE } = settings();
  if (KEY_SECRET_FILE) return readFile(KEY_SECRET_FILE, 'utf8');
  if (KEY_SECRET_ARN) return readDeployedSecret(KEY_SECRET_ARN);
  throw new Error('neither KEY_SECRET_ARN nor KEY_SECRET_FILE is set');
}
