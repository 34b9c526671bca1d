import { parseArgs } from 'node:util';
import { createKey, parseKeySecrets, scopes } from '../core/access/keys.ts';
import { readDeployedSecret } from '../core/access/secrets.ts';
import { normaliseSource } from '../core/leads/fields.ts';
import { createLocalKey, ensureKeySecret, keySecretFile } from './key-secret.ts';

const usage = `npm run keys -- create [--scopes LIST] [--source NAME] [--secret-arn ARN]

  --scopes      ${scopes.join(',')}
                what the key may do, separated by commas; when left out all of it,
                with --source leads:write,events:write
  --source      the one source whose leads it may take in and change
  --secret-arn  sign with the secret of a deployment instead of this machine's`;

async function keys(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scopes: { type: 'string' },
      source: { type: 'string' },
      'secret-arn': { type: 'string' },
    },
  });
  if (positionals.length !== 1 || positionals[0] !== 'create') throw new Error(usage);
  const all = values.source === undefined ? scopes.join(',') : 'leads:write,events:write';
  const wanted = (values.scopes ?? all).split(',').map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !scopes.some((known) => known === scope));
  if (unknown !== undefined) throw new Error(`There is no scope "${unknown}".\n\n${usage}`);
  if (values.source !== undefined && /reports:read|admin/.test(String(wanted))) {
    throw new Error('A key of one source can have leads:write and events:write, nothing else.');
  }
  const payload = {
    scopes: scopes.filter((scope) => wanted.includes(scope)),
    ...(values.source !== undefined && { source: normaliseSource(values.source) }),
  };
  const arn = values['secret-arn'];
  if (arn === undefined) {
    await ensureKeySecret(keySecretFile);
    console.log(await createLocalKey(keySecretFile, payload));
    return;
  }
  const [secret = ''] = parseKeySecrets(await readDeployedSecret(arn));
  console.log(createKey(payload, secret));
}

keys().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
