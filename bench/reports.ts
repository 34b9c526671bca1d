import { Bench } from 'tinybench';
import { reports } from '../core/catalogue/reports.ts';
import { benchmark, shown } from './benchmark.ts';
import { fillYear } from './fill.ts';
import type { MachineAddresses } from './machine.ts';
import { startMachineApart } from './start-machine.ts';

const iterations = 9;

await benchmark(async () => {
  const machine = await startMachineApart();
  const counts = await fillYear(machine.databaseUrl);
  const rows: string[][] = [];
  for (const { name, takes } of reports) {
    const month = await medianOf(machine, name, {});
    const year = takes.includes('from') ? await medianOf(machine, name, lastYear()) : undefined;
    rows.push([name, shown(month), year === undefined ? '' : shown(year)]);
  }
  const title = `reports: over HTTP, ${counts}, milliseconds (median of ${iterations})`;
  return [{ title, columns: ['report', '30 days', 'one year'], rows }];
});

function lastYear() {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { from: day(-364), to: day(1) };
}

/** Milliseconds from request to the last byte of the answer, one at a time, warm. */
async function medianOf(
  { url, key }: MachineAddresses,
  report: string,
  parameters: Record<string, string>,
): Promise<number> {
  const address = `${url}/v1/reports/${report}?${new URLSearchParams(parameters)}`;
  const bench = new Bench({
    time: 0,
    iterations,
    warmupTime: 0,
    warmupIterations: 2,
    throws: true,
  });
  bench.add(report, async () => {
    const response = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
    const body = await response.text();
    if (response.status !== 200) throw new Error(`${address}: ${response.status} ${body}`);
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`${report} was not measured`);
  return task.result.latency.p50;
}
