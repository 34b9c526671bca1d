/**
 * What the database said no to, or why it could not answer.
 * - `refused`: a constraint or a value; `sqlState` and often `constraint` say which.
 * - `conflict`: serialization failure or deadlock; the same statement may be tried again.
 * - `resuming`: an auto-paused cluster wakes; nothing ran.
 * - `away`: no answer, or none in time; whether the statement ran is not known.
 * - `too_large`: the answer is more than the Data API carries, 1 MiB or 64 KB a row.
 * - `broken`: configuration or a bug of ours.
 */
export type DatabaseFailure = 'refused' | 'conflict' | 'resuming' | 'away' | 'too_large' | 'broken';

/**
 * An error of a statement. The message may hold a person's data: it is never logged or answered.
 */
export class DatabaseError extends Error {
  readonly failure: DatabaseFailure;
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;

  constructor(failure: DatabaseFailure, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'DatabaseError';
    this.failure = failure;
    this.sqlState = sqlStateOf(message);
    this.constraint = /constraint "([^"]+)"/.exec(message)?.[1];
  }
}

/** Turns what the SDK threw into a DatabaseError. */
export function databaseError(error: unknown): DatabaseError {
  const { name, message } =
    error instanceof Error ? error : { name: 'unknown', message: String(error) };
  return new DatabaseError(failureOf(name, message), message, error);
}

/**
 * Whether an error tells of the database rather than of what it was given: the same may succeed
 * later, or may have been done already. A configuration that is wrong and an error that nobody
 * knows are among them: neither is a reason to lose what came in.
 */
export function isOutage(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !['refused', 'too_large'].includes(error.failure);
}

const brokenErrors = new Set([
  'AccessDeniedException',
  'DatabaseNotFoundException',
  'ForbiddenException',
  'HttpEndpointNotEnabledException',
  'InvalidResourceStateException',
  'InvalidSecretException',
  'NotFoundException',
  'UnsupportedResultException',
  'ValidationException',
]);

function failureOf(name: string, message: string): DatabaseFailure {
  if (name === 'DatabaseResumingException') return 'resuming';
  if (/size limit|too large/i.test(message) && !message.includes('SQLState')) return 'too_large';
  if (brokenErrors.has(name)) return 'broken';
  const sqlState = sqlStateOf(message);
  if (sqlState === undefined) return name === 'BadRequestException' ? 'broken' : 'away';
  if (sqlState === '40001' || sqlState === '40P01') return 'conflict';
  // A deployment made this function anew between the statement's plan and its run.
  if (sqlState === 'XX000' && message.includes('cache lookup failed')) return 'conflict';
  if (/^(08|28|53|57|58|25006|55P03)/.test(sqlState)) return 'away';
  return /^(22|23)/.test(sqlState) ? 'refused' : 'broken';
}

/** Anchored: a user's data may hold a fake one. */
function sqlStateOf(message: string): string | undefined {
  return /; SQLState: ([0-9A-Z]{5})$/.exec(message)?.[1];
}
