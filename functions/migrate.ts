import { deploymentHandler } from '../core/jobs/stack.ts';
import { migrate } from '../core/migration/migrate.ts';

/** At deploy: brings the database to what this version expects, before it serves. */
export const handler = deploymentHandler('migrate', migrate);
