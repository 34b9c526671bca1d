import { Logger } from '@aws-lambda-powertools/logger';

/**
 * One JSON line per event: ids, counts, milliseconds, SQLSTATE. Never a body or a person's data.
 */
export const logger = new Logger({ serviceName: 'leadpulse' });
