import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, metered, writeMetrics } from '../../core/metrics.ts';
import { metricLines } from '../setup/emf.ts';
import { loggedBy } from '../setup/logged.ts';

const names = { METRICS_SERVICE: 'leadpulse-test', METRICS_FUNCTION: 'ingest' };
beforeAll(() => {
  Object.assign(process.env, names);
});
afterAll(() => {
  for (const name of Object.keys(names)) delete process.env[name];
});

/** What is told while something runs, whether or not it throws. */
async function toldBy(work: () => Promise<unknown>) {
  const { lines } = await loggedBy(() => work().catch(() => undefined));
  return metricLines(lines);
}

describe('what was counted', () => {
  test('is added up and written once, in one line', async () => {
    count('IngestStored');
    count('IngestStored', 2);
    count('DataApiMilliseconds', 12);
    expect(await toldBy(writeMetrics)).toEqual([
      {
        namespace: 'leadpulse',
        dimensions: { service: 'leadpulse-test', function: 'ingest' },
        values: { IngestStored: 3, DataApiMilliseconds: 12 },
        units: { IngestStored: 'Count', DataApiMilliseconds: 'Milliseconds' },
      },
    ]);
    expect(await toldBy(writeMetrics)).toEqual([]);
  });

  test('is written though it is nothing, and not where nothing was counted', async () => {
    count('AlertSubscribersConfirmed', 0);
    const [told] = await toldBy(writeMetrics);
    expect(told?.values).toEqual({ AlertSubscribersConfirmed: 0 });
    expect(await toldBy(() => metered(async () => 'nothing')({}))).toEqual([]);
  });

  test('is written though the handler throws, and the error goes on', async () => {
    const handler = metered(async (what: string) => {
      count('DataApiCalls');
      throw new Error(what);
    });
    let thrown: unknown;
    const told = await toldBy(() =>
      handler('it broke').catch((error) => {
        thrown = error;
      }),
    );
    expect(thrown).toEqual(new Error('it broke'));
    expect(told.map(({ values }) => values)).toEqual([{ DataApiCalls: 1 }]);
  });
});
