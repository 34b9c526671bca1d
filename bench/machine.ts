import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scopes } from '../core/access/keys.ts';
import { handler as authorize } from '../functions/authorize.ts';
import { type Handlers, startGateway } from '../local/gateway/server.ts';
import { createLocalKey } from '../local/key-secret.ts';
import { startMachine } from '../local/machine.ts';
import { startPostgres } from '../local/postgres/start.ts';
import { atEnd, end } from './at-end.ts';
import { bareIngest } from './bare-ingest.ts';

/** Where leadpulse serves for a benchmark, and a gateway with `bareIngest` behind it. */
export interface MachineAddresses {
  readonly url: string;
  readonly bareUrl: string;
  readonly databaseUrl: string;
  readonly key: string;
}

/** leadpulse as `npm start` runs it, but for the database: empty, in a folder of its own. */
async function startAll(): Promise<MachineAddresses> {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-bench-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  // mkdtemp's 0700 would close it to the account PostgreSQL runs as when we are root.
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ dataFolder: join(folder, 'postgres') });
  atEnd(postgres.stop);
  const keySecretFile = join(folder, 'key-secret.json');
  const machine = await startMachine({ databaseUrl: postgres.url, port: 0, keySecretFile });
  atEnd(machine.close);
  const handlers = { authorize, ingest: bareIngest } as unknown as Handlers;
  const bare = await startGateway({ port: 0, handlers });
  atEnd(bare.close);
  const key = await createLocalKey(keySecretFile, { scopes: [...scopes] });
  return { url: machine.url, bareUrl: bare.url, databaseUrl: postgres.url, key };
}

// Runs until the benchmark that started it lets go of it or dies. Ctrl-C reaches both.
const released = once(process, 'disconnect');
process.on('SIGINT', () => undefined);
try {
  const addresses = await startAll();
  if (process.connected) process.send?.(addresses);
  await released;
} finally {
  await end();
}
process.exit();
