import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd } from './at-end.ts';
import { benchmark, median, shown } from './benchmark.ts';

const rounds = 5;
const ready = 'leadpulse is ready';

await benchmark(async () => {
  const project = await copyProject();
  const first = await start(project);
  const later: number[] = [];
  for (let round = 1; round <= rounds; round += 1) later.push(await start(project));
  const each = later.map((value) => shown(value, 2)).join(' · ');
  return [
    {
      title: `start: from npm start's process to "${ready}", seconds`,
      columns: ['data folder', 'rounds', 'median', 'at most'],
      rows: [
        ['none yet', shown(first, 2), shown(first, 2), ''],
        ['there', each, shown(median(later), 2), '3'],
      ],
    },
  ];
});

/** A copy to start in: this checkout's own data folder may be in use. */
async function copyProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'leadpulse-start-'));
  atEnd(() => rm(project, { recursive: true, force: true }));
  // mkdtemp's 0700 would close it to the account PostgreSQL runs as when we are root.
  await chmod(project, 0o755);
  const left = ['node_modules', 'cdk.out', 'coverage'];
  for (const entry of await readdir('.')) {
    if (entry.startsWith('.') || left.includes(entry)) continue;
    await cp(entry, join(project, entry), { recursive: true });
  }
  await symlink(join(process.cwd(), 'node_modules'), join(project, 'node_modules'), 'dir');
  return project;
}

/** Seconds until it is ready; then it is stopped. */
async function start(project: string): Promise<number> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const begun = performance.now();
  const child = spawn(process.execPath, ['local/run.mjs', 'start'], {
    cwd: project,
    env: { ...environment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  atEnd(async () => {
    child.kill('SIGINT');
    await exit;
  });
  await readyLine(child);
  const seconds = (performance.now() - begun) / 1000;
  child.kill('SIGINT');
  await exit;
  return seconds;
}

async function readyLine({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('npm start has no output');
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith(ready)) continue;
    // The rest is read too, and thrown away: a full pipe would hold it up.
    stdout.resume();
    return;
  }
  throw new Error('npm start ended before it was ready');
}
