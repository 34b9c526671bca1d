import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { atEnd } from './at-end.ts';
import { postedLead } from './bare-ingest.ts';
import { benchmark, median, ratios, shown, type Table } from './benchmark.ts';
import type { MachineAddresses } from './machine.ts';
import { startMachineApart } from './start-machine.ts';

const concurrency = 8;
const rounds = 10;
const secondsPerRound = 2;
const warmUpSeconds = 3;

await benchmark(async () => {
  const machine = await startMachineApart();
  await load(machine.url, machine, warmUpSeconds);
  await load(machine.bareUrl, machine, warmUpSeconds);
  await analyze(machine.databaseUrl);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    ours.push(await load(machine.url, machine, secondsPerRound));
    bare.push(await load(machine.bareUrl, machine, secondsPerRound));
  }
  return [table(ours, bare)];
});

/**
 * What autovacuum does within a minute. Before it, PostgreSQL serves with plans it made when the
 * tables were empty, which read them whole: 320 leads a second become 165 in 40 seconds.
 */
async function analyze(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('analyze');
  await client.end();
}

/** Posts leads for so long, from a process of its own; answers how many a second. */
async function load(url: string, { key }: MachineAddresses, seconds: number): Promise<number> {
  const program = fileURLToPath(import.meta.resolve('autocannon'));
  const child = spawn(
    process.execPath,
    [
      ...[program, '--json', '--connections', String(concurrency), '--duration', String(seconds)],
      ...['--method', 'POST', '--body', JSON.stringify(postedLead)],
      ...['--headers', 'content-type=application/json', '--headers', `authorization=Bearer ${key}`],
      `${url}/v1/leads`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  atEnd(() => child.kill());
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const result = JSON.parse(output);
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new Error(`${url}: ${result.non2xx} refusals and ${result.errors} errors under load`);
  }
  return result['2xx'] / result.duration;
}

function table(ours: readonly number[], bare: readonly number[]): Table {
  const pairs = ratios(ours, bare);
  const row = (name: string, a: number, b: number, ratio: number, limit: string) => [
    ...[name, shown(a), shown(b), shown(ratio, 2), limit],
  ];
  return {
    title: `post-lead: POST /v1/leads, ${concurrency} at a time, leads per second`,
    columns: ['round', 'leadpulse', 'bare handler', 'ratio', 'at least'],
    rows: [
      ...pairs.map((ratio, i) => row(String(i + 1), ours[i] ?? 0, bare[i] ?? 0, ratio, '')),
      row('median', median(ours), median(bare), median(pairs), '0.6'),
    ],
  };
}
