import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { scopes } from '../../core/access/keys.ts';
import { loadYear } from '../../demo/load.ts';
import { createLocalKey } from '../../local/key-secret.ts';
import { startMachine } from '../../local/machine.ts';
import { demoEnd, demoYear } from './demo-year.ts';

// Loads the demo's year into the database that DATABASE_URL names.
const databaseUrl = process.env.DATABASE_URL ?? '';
const folder = await mkdtemp(join(tmpdir(), 'leadpulse-key-'));
const keySecretFile = join(folder, 'key-secret.json');
const machine = await startMachine({ databaseUrl, port: 0, keySecretFile });
const key = await createLocalKey(keySecretFile, { scopes: [...scopes] });
await loadYear({ url: machine.url, key }, demoYear(), demoEnd);
await machine.close();
await rm(folder, { recursive: true });
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
await client.query('select refresh_lead_metrics($1)', [new Date(demoEnd)]);
await client.end();
