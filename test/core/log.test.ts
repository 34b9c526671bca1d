import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What a process logs that writes one line at each level. */
async function logged(environment: Record<string, string>) {
  const program = `
    import { logger } from ${JSON.stringify(join(import.meta.dirname, '../../core/log.ts'))};
    for (const level of ['debug', 'info', 'error']) logger[level](level, { leads: 2 });`;
  const words = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, {
    env: environment,
  });
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return { out: lines(stdout), error: lines(stderr) };
}

test('a line is JSON with its level, time, service and trace, errors apart', async () => {
  const trace = '1-5759e988-bd862e3fe1be46a994272793';
  const { out, error } = await logged({ _X_AMZN_TRACE_ID: `Root=${trace};Sampled=1` });
  expect(out.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'INFO',
      message: 'info',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'leadpulse',
      xray_trace_id: trace,
      leads: 2,
    },
  ]);
  expect(error.map((line) => JSON.parse(line).level)).toEqual(['ERROR']);
});

test.each([
  ['TRACE', 2, 1],
  ['DEBUG', 2, 1],
  ['WARN', 0, 1],
  ['FATAL', 0, 0],
  ['SILENT', 0, 0],
])('at level %s what is below stays out', async (AWS_LAMBDA_LOG_LEVEL, out, error) => {
  const lines = await logged({ AWS_LAMBDA_LOG_LEVEL });
  expect([lines.out.length, lines.error.length]).toEqual([out, error]);
});
