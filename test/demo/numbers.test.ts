import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../../core/catalogue/reports.ts';
import type { ReportName } from '../oracle/reports.ts';
import type { Facts } from '../oracle/types.ts';
import { expectAsCounted } from '../setup/against-oracle.ts';
import { startDemoMachine } from '../setup/demo.ts';
import { demoEnd, demoZone } from '../setup/demo-year.ts';
import { disagreements, shapesOf } from '../setup/drill-down.ts';
import { readFacts } from '../setup/facts.ts';

const windows = [
  { from: '2025-04-21', to: '2025-05-21' },
  { from: '2024-05-20', to: '2025-05-21' },
];
const as_of = BigInt(demoEnd) * 1000n;

let api: Awaited<ReturnType<typeof startDemoMachine>>;
let facts: Facts;
beforeAll(async () => {
  api = await startDemoMachine();
  facts = await readFacts(api.pool);
}, 120_000);
afterAll(() => api.close());

describe.each(windows)('from $from to $to', (window) => {
  const place = { ...window, timezone: demoZone, as_of, refreshed_at: as_of };

  describe.each(reports)('$name', (report) => {
    test.each(shapesOf(report))('%o: by report, by hand, by the leads it opens', async (shape) => {
      const name = report.name as ReportName;
      const given = { ...shape, ...(shape.human_only && { human_only: true }) };
      const rows = await expectAsCounted({ api, facts, ...place }, name, given);
      const asked = { ...window, as_of, shape, rows, each: 1 };
      expect(await disagreements(api, name, asked)).toEqual([]);
    });
  });
});
