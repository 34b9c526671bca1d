import { readFile, rm, writeFile } from 'node:fs/promises';
import { stateFolder } from './key-secret.ts';
import type { Machine } from './machine.ts';

/** A machine that `npm start` runs, as its file tells other commands of this checkout. */
export interface RunningMachine {
  readonly pid: number;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
}

const file = `${stateFolder}/machine.json`;

/** Writes where this process serves, for its owner's eyes alone: it has the way to the database. */
export async function announce({ url, environment, databaseUrl }: Machine): Promise<void> {
  await rm(file, { force: true });
  const running: RunningMachine = { pid: process.pid, url, environment, databaseUrl };
  await writeFile(file, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
}

/** Takes the file away, unless another machine has written its own since. */
export async function withdraw(): Promise<void> {
  if ((await read())?.pid === process.pid) await rm(file, { force: true });
}

/** The machine that runs here. Throws a sentence where none does. */
export async function findRunning(): Promise<RunningMachine> {
  const running = await whereItRuns();
  if (running) return running;
  throw new Error('leadpulse does not run here. Start it in another terminal: npm start');
}

/** The machine that runs here, if one does. */
export async function whereItRuns(): Promise<RunningMachine | undefined> {
  const running = await read();
  // The file of a machine that was killed is still there: only an answer counts.
  // The page: it is there while the database is away or does not answer, too.
  const page = running && `${running.url}/`;
  const answers =
    page && (await fetch(page, { signal: AbortSignal.timeout(5000) }).catch(() => undefined));
  return answers ? running : undefined;
}

async function read(): Promise<RunningMachine | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
