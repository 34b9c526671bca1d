import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { Role } from '../core/catalogue/roles.ts';
import { stateFolder } from './key-secret.ts';

/** The file of the key that signs the tokens of people on one machine. */
export const tokenKeyFile = `${stateFolder}/token-key.json`;

/** Whom local tokens are for. */
export const localAudience = 'leadpulse-local';

const path = '/local/identity';

/** Who signs local tokens: a part of the machine at this address. */
export function localIssuer(url: string): string {
  return `${url}${path}`;
}

/**
 * A person's token, as Cognito's access tokens are; without a subject that of a ready-made person.
 */
export async function issueToken(options: {
  file: string;
  issuer: string;
  audience?: string;
  role: Role;
  subject?: string | undefined;
  hours?: number;
}): Promise<string> {
  const { file, issuer, audience = localAudience, role, hours = 8 } = options;
  const { subject = `local-${role}` } = options;
  const key = await tokenKey(file);
  const now = Math.floor(Date.now() / 1000);
  return await new SignJWT({
    'cognito:groups': [role],
    client_id: audience,
    token_use: 'access',
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .setIssuer(issuer)
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + hours * 3600)
    .setJti(randomUUID())
    .sign(await importJWK(key, 'RS256'));
}

/** What the issuer shows at the machine's address: where its keys are, and these. */
export function identityPages(file: string) {
  return {
    [`${path}/.well-known/openid-configuration`]: async (url: string) => ({
      issuer: localIssuer(url),
      jwks_uri: `${localIssuer(url)}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    [`${path}/.well-known/jwks.json`]: async () => {
      const { kty, n, e, kid } = await tokenKey(file);
      // Without `alg`, which is optional: that only RS256 counts is known to who checks a token.
      return { keys: [{ kty, n, e, kid, use: 'sig' }] };
    },
  };
}

/** The file's key, made when it is first needed. */
async function tokenKey(file: string): Promise<JWK> {
  const text = await readFile(file, 'utf8').catch(async (error) => {
    if (error.code !== 'ENOENT') throw error;
    await makeTokenKey(file);
    return readFile(file, 'utf8');
  });
  return JSON.parse(text);
}

/** Readable by its owner alone. Whole or not at all: of two who make one, the first one's stays. */
async function makeTokenKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  const next = `${file}.${process.pid}.${kid}`;
  await writeFile(next, JSON.stringify({ ...(await exportJWK(privateKey)), kid }), { mode: 0o600 });
  await link(next, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(next);
}
