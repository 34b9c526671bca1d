import { DatabaseError } from 'pg';

/** An answer of the service that is an error: its class name, HTTP status and message. */
export class DataApiError extends Error {
  readonly status: number;
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** The call itself is wrong; nothing reached the database. */
export function validationError(message: string): DataApiError {
  return new DataApiError('ValidationException', message);
}

/** The statement ran, its result cannot be returned. */
export function unsupportedResult(message: string): DataApiError {
  return new DataApiError('UnsupportedResultException', message);
}

/** What the service answers to an error of PostgreSQL or of the connection to it. */
export function toDataApiError(error: unknown, database: string): DataApiError {
  if (error instanceof DataApiError) return error;
  if (!(error instanceof DatabaseError)) return connectionError(error);
  const { code = '', message } = error;
  if (code === '3D000' && error.severity === 'FATAL') {
    return new DataApiError('DatabaseNotFoundException', `Database ${database} is not found`, 404);
  }
  if (code === '57014' && message.includes('statement timeout')) {
    return new DataApiError('StatementTimeoutException', message);
  }
  // 57P01…57P03: shutting down, crashed, starting up. Class 08: the connection is gone.
  if (/^(57P0[1-3]|08)/.test(code)) return unavailable(message);
  return new DataApiError('DatabaseErrorException', postgresText(error));
}

// Order and indents are those of PostgreSQL's JDBC driver, whose text the service passes on.
function postgresText(error: DatabaseError): string {
  const { severity = 'ERROR', message, detail, hint, position, where, code } = error;
  const lines = [`${severity}: ${message}`];
  if (detail) lines.push(`Detail: ${detail}`);
  if (hint) lines.push(`Hint: ${hint}`);
  if (position) lines.push(`Position: ${position}`);
  if (where) lines.push(`Where: ${where}`);
  return `${lines.join('\n  ')}; SQLState: ${code}`;
}

// The driver's own errors (refused, reset, ended, no connection free) have no class in common.
function connectionError(error: unknown): DataApiError {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^E[A-Z]+$/.test(code) || /connection|timeout|not queryable|ended/i.test(text)) {
    return unavailable(text || code);
  }
  return new DataApiError('InternalServerErrorException', text, 500);
}

function unavailable(reason: string): DataApiError {
  const message = `The database is unavailable: ${reason}`;
  return new DataApiError('DatabaseUnavailableException', message, 504);
}
