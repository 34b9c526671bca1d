import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

/** Who signs, and for whom. */
export interface Signing {
  /** The file of the issuer's private key. */
  readonly file: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Tokens of an admin, each wrong in one thing: whoever carries one is nobody. */
export async function wrongTokens({ file, issuer, audience }: Signing) {
  const key = JSON.parse(await readFile(file, 'utf8'));
  const { kid } = key;
  const ours = await importJWK(key, 'RS256');
  const { privateKey: theirs } = await generateKeyPair('RS256');
  const published = createPublicKey({ key, format: 'jwk' });
  const now = Math.floor(Date.now() / 1000);
  const right = {
    iss: issuer,
    sub: 'local-admin',
    client_id: audience,
    'cognito:groups': ['admin'],
    iat: now - 60,
    exp: now + 3600,
  };
  type Header = { alg?: string; kid?: string };
  const sign = (
    changes: JWTPayload,
    header: Header = {},
    by: Parameters<SignJWT['sign']>[0] = ours,
  ) =>
    new SignJWT({ ...right, ...changes })
      .setProtectedHeader({ alg: 'RS256', kid, ...header })
      .sign(by);
  const secretOf = (text: string) => new TextEncoder().encode(text);
  const valid = await sign({});
  const [head = '', , mac = ''] = valid.split('.');
  const others = Buffer.from(JSON.stringify({ ...right, sub: 'x' })).toString('base64url');
  const pem = published.export({ type: 'spki', format: 'pem' }).toString();
  return {
    valid,
    wrong: {
      expired: await sign({ exp: now - 60 }),
      'without an end': await sign({ exp: undefined }),
      'not valid yet': await sign({ nbf: now + 600 }),
      'wrong issuer': await sign({ iss: `${issuer}x` }),
      'no issuer': await sign({ iss: undefined }),
      'wrong audience': await sign({ aud: 'someone-else' }),
      'wrong client': await sign({ client_id: 'someone-else' }),
      'no audience': await sign({ client_id: undefined }),
      'alg: none': new UnsecuredJWT(right).encode(),
      'alg: none, with a signature': `${Buffer.from(JSON.stringify({ alg: 'none', kid })).toString(
        'base64url',
      )}.${valid.split('.').slice(1).join('.')}`,
      'HS256 by the public key': await sign({}, { alg: 'HS256' }, secretOf(pem)),
      'HS256 by its modulus': await sign({}, { alg: 'HS256' }, secretOf(key.n)),
      PS256: await sign({}, { alg: 'PS256' }, await importJWK(key, 'PS256')),
      'unknown kid': await sign({}, { kid: 'unknown' }),
      'no kid': await sign({}, { kid: undefined }),
      'another key, our kid': await sign({}, {}, theirs),
      'changed after it was signed': [head, others, mac].join('.'),
      'no subject': await sign({ sub: undefined }),
      'a subject with a blank': await sign({ sub: 'ann lee' }),
      'no group': await sign({ 'cognito:groups': undefined }),
      'a group that is no role': await sign({ 'cognito:groups': ['admins', 'constructor'] }),
      'a group that is no list': await sign({ 'cognito:groups': 'admin' }),
      malformed: 'e30.e30.',
      'three words': 'a.b.c',
    },
  };
}
