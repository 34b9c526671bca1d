import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { atEnd } from './at-end.ts';
import { benchmark, median, ratios, shown } from './benchmark.ts';
import type { MachineAddresses } from './machine.ts';
import { startMachineApart } from './start-machine.ts';

const leads = 200_000;
const rounds = 2;
const tables = ['leads', 'lead_events'];

await benchmark(async () => {
  const machine = await startMachineApart();
  const client = new pg.Client({ connectionString: machine.databaseUrl });
  await client.connect();
  atEnd(() => client.end());
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-import-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'leads.csv')));

  const imported: number[] = [];
  const copied: number[] = [];
  const memory: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await client.query('truncate leads, lead_events cascade');
    const { seconds, peakMb } = await runImport(join(folder, 'leads.csv'), machine);
    imported.push(leads / seconds);
    memory.push(peakMb);
    copied.push(leads / (await copyAgain(client, folder)));
  }
  return [report(imported, copied, memory)];
});

/** A lead a line, of a year, as another tool would have it. */
function* lines(): Generator<string> {
  yield 'id,source,created_at,first_name,last_name,email,phone,city,value,campaign\n';
  const start = Date.now() - 365 * 86_400_000;
  for (let n = 0; n < leads; n += 1) {
    const created = new Date(start + Math.floor((n / leads) * 365 * 86_400_000)).toISOString();
    const source = ['zillow', 'website', 'google', 'referral'][n % 4];
    const phone = `+1415555${String(n % 10_000).padStart(4, '0')}`;
    const person = `Ada,Lovelace ${n},ada.${n}@example.com,${phone}`;
    yield `crm-${n},${source},${created},${person},Austin,${300_000 + (n % 1000)},spring\n`;
  }
}

/** The command as a person runs it, against a machine in a process of its own. */
async function runImport(file: string, { url, key }: MachineAddresses) {
  const maps = ['id=external_id', 'city=property_city', 'value=estimated_value'];
  const map = [...maps, 'campaign=utm_campaign'].flatMap((pair) => ['--map', pair]);
  // With the script's own flags for the heap.
  const script: string = JSON.parse(readFileSync('package.json', 'utf8')).scripts.import;
  const command = [...script.split(' ').slice(1), file, '--as', 'leads', ...map];
  const started = performance.now();
  const child = spawn(process.execPath, [...command, '--url', url, '--key', key]);
  atEnd(() => child.kill());
  const watch = watchMemory(child.pid);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const peakMb = watch.stop();
  if (code !== 0 || !output.includes(`${shown(leads)} stored`)) throw new Error(output + errors);
  return { seconds, peakMb };
}

/** The most memory a process has had, as Linux knows it; elsewhere 0. */
function watchMemory(pid: number | undefined) {
  let peakMb = 0;
  const timer = setInterval(() => {
    if (process.platform !== 'linux') return;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peakMb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024 || peakMb;
    } catch {
      // It has ended.
    }
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return peakMb;
    },
  };
}

/** Seconds of `copy … from stdin` of what the import stored, into the same tables and triggers. */
async function copyAgain(client: pg.Client, folder: string): Promise<number> {
  const columns: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await client.query(
      `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as names
       from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
      [table],
    );
    columns[table] = rows[0].names;
    const read = `copy (select ${columns[table]} from ${table} order by created_at) to stdout`;
    await pipeline(client.query(copyTo(read)), createWriteStream(join(folder, table)));
  }
  await client.query('truncate leads, lead_events cascade');
  const started = performance.now();
  for (const table of tables) {
    const write = client.query(copyFrom(`copy ${table} (${columns[table]}) from stdin`));
    await pipeline(createReadStream(join(folder, table)), write);
  }
  return (performance.now() - started) / 1000;
}

function report(imported: number[], copied: number[], memory: number[]) {
  const pairs = ratios(imported, copied);
  const row = (name: string, a: number, b: number, ratio: number, mb: number, limit: string) => [
    ...[name, shown(a), shown(b), shown(ratio, 2), limit, shown(mb)],
  ];
  return {
    title: `import: ${shown(leads)} leads, a second`,
    columns: ['round', 'npm run import', 'copy from stdin', 'ratio', 'at least', 'peak MB'],
    rows: [
      ...pairs.map((ratio, n) =>
        row(String(n + 1), imported[n] ?? 0, copied[n] ?? 0, ratio, memory[n] ?? 0, ''),
      ),
      row('median', median(imported), median(copied), median(pairs), Math.max(...memory), '0.3'),
    ],
  };
}
