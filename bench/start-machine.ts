import { fork } from 'node:child_process';
import { once } from 'node:events';
import { atEnd } from './at-end.ts';
import type { MachineAddresses } from './machine.ts';

/** Starts leadpulse in a process of its own; the log lines it writes go nowhere. */
export async function startMachineApart(): Promise<MachineAddresses> {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork('local/run.mjs', ['bench/machine'], { stdio: [...stdio] });
  const exit = once(child, 'exit');
  atEnd(async () => {
    if (child.connected) child.disconnect();
    await exit;
  });
  const ended = exit.then(() => {
    throw new Error('leadpulse did not start');
  });
  const [addresses] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return addresses;
}
