import { migrate } from '../core/migration/migrate.ts';
import { startDataApi } from './data-api/server.ts';
import { givenDatabase } from './given-database.ts';
import { localEnvironment } from './machine.ts';

/** `DATABASE_URL=… npm run migrate`: brings a server of the user's own up to date. */
async function run(): Promise<void> {
  const databaseUrl = givenDatabase();
  if (!databaseUrl) {
    throw new Error('Set DATABASE_URL. Without it, npm start migrates its own database by itself.');
  }
  const dataApi = await startDataApi({ databaseUrl });
  try {
    Object.assign(process.env, localEnvironment(databaseUrl, dataApi.url));
    const { migrations, functions } = await migrate();
    console.log(`${migrations.length} migrations and ${functions.length} functions applied`);
  } finally {
    await dataApi.close();
  }
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
