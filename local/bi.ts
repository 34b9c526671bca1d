import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { query } from '../core/database/client.ts';
import setRoleSql from '../sql/database/set-role.sql' with { type: 'text' };
import { findRunning } from './running.ts';

/**
 * `npm run bi [-- --people]`: the address of a login that only reads the database of the leadpulse
 * that runs here. Each time it has a new password, and sees people only where that is asked for.
 */
async function bi(): Promise<void> {
  const { values } = parseArgs({ options: { people: { type: 'boolean' } } });
  const { databaseUrl, environment } = await findRunning();
  Object.assign(process.env, environment);
  const url = new URL(databaseUrl);
  // A login belongs to the whole server, which may have more than one leadpulse in it.
  const username = `${url.pathname.slice(1)}_bi`;
  const password = randomBytes(24).toString('base64url');
  const duty = values.people ? 'bi_people' : 'bi';
  await query(setRoleSql, { duty, username, password }, 'job');
  console.log(Object.assign(url, { username, password }).href);
}

bi().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
