import { parseArgs } from 'node:util';
import { createKey, idOf, parseKeySecrets, scopes } from '../core/access/keys.ts';
import { readDeployedSecret } from '../core/access/secrets.ts';
import { normaliseSource } from '../core/leads/fields.ts';
import { type Api, apiAt } from './api.ts';
import {
  createLocalKey,
  ensureKeySecret,
  keySecretFile,
  rotateDeployedSecret,
  rotateLocalSecret,
} from './key-secret.ts';

const usage = `npm run keys -- create [--scopes LIST] [--source NAME] [--label TEXT]
npm run keys -- list
npm run keys -- revoke KEY
npm run keys -- rotate KEY [--grace-hours N]
npm run keys -- rotate --secret

  --scopes       ${scopes.join(',')}
                 what the key may do, separated by commas; when left out all of it,
                 with --source leads:write,events:write
  --source       the one source whose leads it may take in and change
  --label        whose it is, for the list: needs a leadpulse that runs, as --url does
  KEY            a key or its id, key_…
  --grace-hours  for how long the old key still works, 24 when left out
  --secret       a new signing secret; keys signed by the one before stay valid until the next
  --secret-arn   create, rotate --secret: the secret of a deployment instead of this machine's
  --url --key    the leadpulse to ask, and a key of an admin, also from LEADPULSE_KEY; when left
                 out the one that runs here

More in docs/access.md.`;

const options = {
  scopes: { type: 'string' },
  source: { type: 'string' },
  label: { type: 'string' },
  'grace-hours': { type: 'string' },
  secret: { type: 'boolean' },
  'secret-arn': { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
} as const;

type Values = ReturnType<typeof read>['values'];

function read() {
  return parseArgs({ allowPositionals: true, options });
}

async function keys(): Promise<void> {
  const { values, positionals } = read();
  const [verb, key, ...more] = positionals;
  if (more.length > 0) throw new Error(`One key at a time.\n\n${usage}`);
  if (verb === 'create' && key === undefined) return create(values);
  if (verb === 'list' && key === undefined) return list(values);
  if (verb === 'revoke' && key !== undefined) return revoke(idAsked(key), values);
  if (verb === 'rotate' && key !== undefined) return rotate(idAsked(key), values);
  if (verb === 'rotate' && values.secret) return rotateSecret(values);
  throw new Error(usage);
}

async function create(values: Values): Promise<void> {
  const rights = rightsAsked(values);
  const { label, 'secret-arn': arn } = values;
  if (values.url !== undefined || label !== undefined) {
    if (arn !== undefined) throw new Error('--secret-arn signs here: it goes with no --label.');
    const { key } = await (await apiAt(values)).post('/v1/keys', { ...rights, label });
    console.log(key);
    return;
  }
  if (arn === undefined) {
    await ensureKeySecret(keySecretFile);
    console.log(await createLocalKey(keySecretFile, rights));
    return;
  }
  const [secret = ''] = parseKeySecrets(await readDeployedSecret(arn));
  console.log(createKey(rights, secret));
}

function rightsAsked({ source, scopes: list }: Values) {
  const all = source === undefined ? scopes.join(',') : 'leads:write,events:write';
  const wanted = (list ?? all).split(',').map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !scopes.some((known) => known === scope));
  if (unknown !== undefined) throw new Error(`There is no scope "${unknown}".\n\n${usage}`);
  if (source !== undefined && /reports:read|admin/.test(String(wanted))) {
    throw new Error('A key of one source can have leads:write and events:write, nothing else.');
  }
  return {
    scopes: scopes.filter((scope) => wanted.includes(scope)),
    ...(source !== undefined && { source: normaliseSource(source) }),
  };
}

async function list(values: Values): Promise<void> {
  const api = await apiAt(values);
  for await (const key of api.all('/v1/keys')) {
    const { id, created_at, scopes: given, source, label, revoked_at } = key;
    const rights = Array.isArray(given) ? given.join(',') : 'made offline';
    const ends = typeof revoked_at === 'string' ? `revoked ${revoked_at.slice(0, 16)}Z` : 'valid';
    const cells = [id, String(created_at).slice(0, 10), ends, rights, source, label];
    console.log(cells.map((cell) => cell ?? '-').join('  '));
  }
}

async function revoke(id: string, values: Values): Promise<void> {
  await (await apiAt(values)).post(`/v1/keys/${id}/revoke`);
  console.log(`${id} is revoked: refused everywhere within two minutes.`);
}

async function rotate(id: string, values: Values): Promise<void> {
  const grace_hours = Number(values['grace-hours'] ?? 24);
  const api: Api = await apiAt(values);
  const { key } = await api.post(`/v1/keys/${id}/rotate`, { grace_hours });
  console.error(`${id} ends in ${grace_hours} hours. The key that takes its place:`);
  console.log(key);
}

async function rotateSecret(values: Values): Promise<void> {
  const { 'secret-arn': arn } = values;
  if (arn === undefined) await rotateLocalSecret(keySecretFile);
  else await rotateDeployedSecret(arn);
  console.log(
    'There is a new signing secret. Keys of the one before stay valid, older ones do not.\n' +
      'Keys that are made in the next minute may be refused until it is over.',
  );
}

function idAsked(key: string): string {
  const id = idOf(key) ?? key;
  if (/^key_[0-9a-f]{16}$/.test(id)) return id;
  throw new Error('This is neither a key, lp_…, nor the id of one, key_….');
}

keys().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
