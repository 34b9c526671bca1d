import { Logger } from '@aws-lambda-powertools/logger';

/**
 * One JSON line per event: ids, counts, milliseconds, SQLSTATE. Never a body or a person's data.
 */
export const logger = new Logger({ serviceName: 'leadpulse' });

/** Where an error broke, without the message that a stack begins with: it may quote a person. */
export function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
