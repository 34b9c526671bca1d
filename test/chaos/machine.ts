import { once } from 'node:events';
import { scopes } from '../../core/access/keys.ts';
import { createLocalKey } from '../../local/key-secret.ts';
import { startMachine } from '../../local/machine.ts';

/** What a machine in a process of its own is told, as JSON in its only argument. */
export interface MachineOptions {
  readonly databaseUrl: string;
  readonly port: number;
  readonly keySecretFile: string;
  readonly faultsFile: string;
  readonly queueFolder: string;
  /** Only the first start: a deployed function starts while the database is away, too. */
  readonly migrates: boolean;
}

/** What it says when it is ready. */
export interface MachineAddresses {
  readonly url: string;
  readonly key: string;
  readonly messagesUrl: string;
}

const options: MachineOptions = JSON.parse(process.argv[2] ?? '');
const machine = await startMachine(options);
const key = await createLocalKey(options.keySecretFile, { scopes: [...scopes] });
const addresses = { url: machine.url, key, messagesUrl: machine.messages.url };
process.send?.(addresses satisfies MachineAddresses);
// It ends with the process that started it, or is killed.
await once(process, 'disconnect');
process.exit();
