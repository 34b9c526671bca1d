import * as z from 'zod/mini';
import setRoleSql from '../../sql/database/set-role.sql' with { type: 'text' };
import { readDeployedSecret } from '../access/secrets.ts';
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';

const login = z.object({ username: z.string(), password: z.string().check(z.minLength(20)) });

/**
 * Gives each duty a role of its own, with the password of its secret and the rights on the tables
 * there are now. At every deployment, so that a new table and a rotated password are known. On one
 * machine there are no such secrets, and no such roles.
 */
export async function setRoles(): Promise<void> {
  const { BI_SEES_PEOPLE, ...given } = settings();
  const secrets = {
    read: given.DATABASE_READ_SECRET_ARN,
    write: given.DATABASE_WRITE_SECRET_ARN,
    [BI_SEES_PEOPLE === 'yes' ? 'bi_people' : 'bi']: given.DATABASE_BI_SECRET_ARN,
  };
  for (const [duty, arn] of Object.entries(secrets)) {
    if (arn === undefined) continue;
    const role = login.parse(JSON.parse(await readDeployedSecret(arn)));
    await query(setRoleSql, { duty, ...role }, 'job');
  }
}
