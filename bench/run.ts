import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, totalmem } from 'node:os';

const benchmarks = [
  'post-lead',
  'bundles',
  'events',
  'reports',
  'alerts',
  'import',
  'export',
  'start',
];

/** Runs the named benchmarks, or all, one after the other and each in a process of its own. */
async function run(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !benchmarks.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark "${unknown}". There are: ${benchmarks.join(', ')}.`);
    process.exit(1);
  }
  // Ctrl-C reaches the benchmark too: it stops what it started, and then it is our turn.
  let stopped = false;
  process.on('SIGINT', () => {
    stopped = true;
  });
  console.log(machine());
  for (const name of names.length > 0 ? names : benchmarks) {
    const child = spawn(process.execPath, ['local/run.mjs', `bench/${name}`], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = 1;
    if (stopped) return;
  }
}

function machine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  const parts = [`${cpus().length} × ${processor?.model.trim()}`, `${memory} GB`, process.platform];
  return [day, ...parts, `Node ${process.versions.node}`].join(' · ');
}

await run(process.argv.slice(2));
