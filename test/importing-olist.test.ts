import { expect, test } from 'vitest';
import { reports } from '../core/catalogue/reports.ts';
import { formatInstant } from './oracle/local-time.ts';
import type { ReportName } from './oracle/reports.ts';
import { expectAsCounted } from './setup/against-oracle.ts';
import { disagreements, shapesOf } from './setup/drill-down.ts';
import { readFacts } from './setup/facts.ts';
import { walkImporting } from './setup/walk-importing.ts';

const timezone = 'America/Sao_Paulo';
const window = { from: '2017-06-01', to: '2018-06-01' };
/** The last deal was won in November 2018. */
const as_of = BigInt(Date.UTC(2019, 0, 1)) * 1000n;
const minutes = 60_000;

test(
  'what docs/importing.md brings in from Olist is the same by report, by hand, by the leads',
  async () => {
    await walkImporting((page) => page.split('## Olist')[1]?.replace('export OLIST=…', ':'), {
      timezone,
      async look(api) {
        await api.sql('select refresh_lead_metrics($1)', [formatInstant(as_of)]);
        const facts = await readFacts(api.pool);
        const scene = { api, facts, ...window, timezone, as_of, refreshed_at: as_of };
        for (const report of reports) {
          const name = report.name as ReportName;
          for (const shape of shapesOf(report)) {
            const given = { ...shape, ...(shape.human_only && { human_only: true }) };
            const rows = await expectAsCounted(scene, name, given);
            const asked = { ...window, as_of, shape, rows, each: 3 };
            expect(await disagreements(api, name, asked), `${name} ${shape}`).toEqual([]);
          }
        }
      },
    });
  },
  20 * minutes,
);
