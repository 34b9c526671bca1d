import type { JSONWebKeySet, JWTPayload } from 'jose';
import { settings } from '../settings.ts';
import { kept } from './kept.ts';

/** Who a token says is calling. */
export interface Person {
  readonly subject: string;
  readonly groups: readonly string[];
}

/** Three parts of base64url; what is longer than a header can be, nobody looks at. */
const form = /^[\w-]{1,8192}(\.[\w-]{1,8192}){2}$/;

/** Like a key's or an agent's, at the database. */
const subjectForm = /^[\x21-\x7e]{1,128}$/;

/** Clocks differ. */
const toleranceSeconds = 5;

/**
 * An issuer announces its next key long before it signs with it, and withdraws one rarely: read
 * every ten minutes. A key that is not among them is looked for at most every 30 seconds.
 */
const issuerKeys = kept<JSONWebKeySet>({
  name: 'issuer keys',
  freshMs: 600_000,
  againMs: 1000,
  async read() {
    const { TOKEN_ISSUER, TOKEN_KEYS_URL } = settings();
    const url = TOKEN_KEYS_URL ?? `${TOKEN_ISSUER}/.well-known/jwks.json`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
    const set = (await answer.json()) as JSONWebKeySet;
    if (!Array.isArray(set.keys)) throw new Error('the issuer answered no keys');
    return set;
  },
});
const unknownKeyMs = 30_000;

/**
 * Who is calling, by a JWT of our issuer, for us, in its time, signed by RS256 with one of the
 * issuer's keys; else undefined. Without the settings nobody. Throws while the issuer's keys could
 * never be read: that is no fault of the token's.
 */
export async function verifyToken(token: string): Promise<Person | undefined> {
  const { TOKEN_ISSUER, TOKEN_AUDIENCE } = settings();
  if (!TOKEN_ISSUER || !TOKEN_AUDIENCE || !form.test(token)) return undefined;
  const claims = await claimsOf(token, TOKEN_ISSUER);
  if (!claims || !isFor(TOKEN_AUDIENCE, claims)) return undefined;
  const { sub: subject = '', 'cognito:groups': groups } = claims;
  if (!subjectForm.test(subject)) return undefined;
  return { subject, groups: Array.isArray(groups) ? groups : [] };
}

async function claimsOf(token: string, issuer: string): Promise<JWTPayload | undefined> {
  // Loaded here alone: most callers have keys.
  const { createLocalJWKSet, errors, jwtVerify } = await import('./jwt.ts');
  const check = async (freshMs?: number) => {
    const keys = await issuerKeys(freshMs);
    if (!keys) throw new Error('the keys of the issuer of tokens cannot be read');
    const find = createLocalJWKSet(keys);
    const answer = await jwtVerify(
      token,
      async (header) => {
        if (!header.kid) throw new errors.JWKSNoMatchingKey();
        return find(header);
      },
      {
        issuer,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: toleranceSeconds,
      },
    );
    return answer.payload;
  };
  const refuse = (error: unknown) => {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  };
  return check().catch((error) =>
    error instanceof errors.JWKSNoMatchingKey ? check(unknownKeyMs).catch(refuse) : refuse(error),
  );
}

/** As API Gateway's own authorizer has it: `client_id` counts where there is no `aud`. */
function isFor(audience: string, { aud, client_id }: JWTPayload): boolean {
  return [aud ?? client_id].flat().includes(audience);
}
