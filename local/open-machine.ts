import { mkdir } from 'node:fs/promises';
import { givenDatabase } from './given-database.ts';
import { keySecretFile, stateFolder } from './key-secret.ts';
import { type Machine, startMachine } from './machine.ts';
import type { Log } from './postgres/programs.ts';
import { startPostgres } from './postgres/start.ts';

/**
 * Starts leadpulse on this checkout's data, or on the PostgreSQL that DATABASE_URL names. Closing
 * it stops PostgreSQL too. The process ends where PostgreSQL ends by itself: every request would
 * be a 503, and what was acknowledged is on disk.
 */
export async function openMachine(options: {
  port: number;
  log: Log;
  /** Where the database is away it serves without, and says so. */
  waits?: boolean;
}): Promise<Machine> {
  const { port, log } = options;
  const given = givenDatabase();
  const postgres = given
    ? undefined
    : await startPostgres({ dataFolder: `${stateFolder}/postgres`, log });
  try {
    const databaseUrl = given || postgres?.url || '';
    const queueFolder = `${stateFolder}/queue`;
    await mkdir(queueFolder, { recursive: true, mode: 0o700 });
    const machine = await startMachine({
      databaseUrl,
      port,
      keySecretFile,
      queueFolder,
      faultsFile: process.env.FAULTS_FILE,
      ...(options.waits && { log }),
    });
    machine.upToDate.catch((error: Error) => {
      log(error.message);
      process.exit(1);
    });
    postgres?.endedByItself.then(() => process.exit(1));
    const close = async () => {
      await machine.close();
      await postgres?.stop();
    };
    return { ...machine, close };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}
