import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';
import { benchmark, shown } from './benchmark.ts';
import { fillYear } from './fill.ts';
import type { MachineAddresses } from './machine.ts';
import { startMachineApart } from './start-machine.ts';

await benchmark(async () => {
  const machine = await startMachineApart();
  const counts = await fillYear(machine.databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-bench-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const rows: string[][] = [];
  for (const list of ['leads', 'events']) rows.push(await exportList(machine, list, folder));
  const title = `export: of ${counts}`;
  return [{ title, columns: ['list', 'rows', 'MB', 'seconds', 'rows/s', 'peak MB'], rows }];
});

async function exportList({ url, key }: MachineAddresses, list: string, folder: string) {
  const out = join(folder, `${list}.csv`);
  const words = ['local/run.mjs', 'transfer/export', list, '--out', out, '--url', url];
  const start = performance.now();
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LEADPULSE_KEY: key },
  });
  let said = '';
  let peak = Number.NaN;
  child.stdout.on('data', (text) => {
    said += text;
  });
  const watch = setInterval(async () => {
    peak = (await peakOf(child.pid)) ?? peak;
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  const rows = Number(/^[\d,]+/.exec(said)?.[0].replaceAll(',', ''));
  if (code !== 0 || Number.isNaN(rows)) throw new Error(`The export of ${list} failed.`);
  const { size } = await stat(out);
  const each = [shown(rows), shown(size / 1e6), shown(seconds, 1), shown(rows / seconds)];
  return [list, ...each, Number.isNaN(peak) ? '' : shown(peak)];
}

/** The most memory a process had until now, in MB, where Linux tells it. */
async function peakOf(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
