const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'SILENT'];

/**
 * One JSON line per event: ids, counts, milliseconds, SQLSTATE. Never a body or a person's data.
 * From AWS_LAMBDA_LOG_LEVEL up, INFO where it is not set. In the form of Powertools' Logger, which
 * would be a fifth of what a bundle adds to the SDK: docs/decisions/0006.
 */
export const logger = { debug: writer('DEBUG'), info: writer('INFO'), error: writer('ERROR') };

function writer(level: string) {
  return (message: string, fields: Readonly<Record<string, unknown>>): void => {
    const { AWS_LAMBDA_LOG_LEVEL = 'INFO', _X_AMZN_TRACE_ID = '' } = process.env;
    if (levels.indexOf(level) < levels.indexOf(AWS_LAMBDA_LOG_LEVEL)) return;
    const line = JSON.stringify({
      level,
      message,
      timestamp: new Date().toISOString(),
      service: 'leadpulse',
      xray_trace_id: /Root=([^;]+)/.exec(_X_AMZN_TRACE_ID)?.[1],
      ...fields,
    });
    // Not console: around its lines Lambda's text format would put fields of its own.
    (level === 'ERROR' ? process.stderr : process.stdout).write(`${line}\n`);
  };
}

/** Where an error broke, without the message that a stack begins with: it may quote a person. */
export function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
