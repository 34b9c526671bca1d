import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../setup/console.ts';

let project: string;
let temporary: string;
const children: ChildProcess[] = [];

// A copy: this checkout may have a machine of its own running.
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'leadpulse-run-demo-')));
  temporary = join(project, 'tmp');
  await chmod(project, 0o755);
  const needed = [
    'core',
    'demo',
    'functions',
    'local',
    'sql',
    'transfer',
    'docs/openapi.json',
    'package.json',
  ];
  for (const name of needed) await cp(name, join(project, name), { recursive: true });
  await symlink(join(process.cwd(), 'node_modules'), join(project, 'node_modules'), 'dir');
  await mkdir(temporary);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(project, { recursive: true, force: true, maxRetries: 10 });
});

function demo(...words: string[]) {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['local/run.mjs', 'demo/demo', ...words], {
    cwd: project,
    env: { ...environment, PORT: '0', TMPDIR: temporary },
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exit, said: () => said };
}

const left = async () => (await readdir(temporary)).filter((name) => name.includes('demo-'));

test('a small year: ready, answering by the printed key, and gone after Ctrl-C', async () => {
  const { child, exit, said } = demo('--leads', '300');
  await until(() => said().includes('Ctrl-C'));
  const [, url, key] = /The reports: (\S+)\/#(\S+)/.exec(said()) ?? [];
  const headers = { authorization: `Bearer ${key}` };
  const ask = async (path: string) => {
    const answer = await fetch(url + path, { headers });
    return (await answer.json()) as Record<string, unknown>;
  };
  expect((await ask('/v1/leads?limit=1')).total).toBeGreaterThan(200);
  expect((await ask('/v1/workspace')).timezone).toBe('America/New_York');
  expect(await left()).toHaveLength(1);
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(await left()).toEqual([]);
});

test('what a killed demo leaves, the next one removes; Ctrl-C is heard at any time', async () => {
  const first = demo('--leads', '300');
  await until(() => first.said().includes('comes in'));
  first.child.kill('SIGKILL');
  await first.exit;
  expect(await left()).toHaveLength(1);
  const second = demo('--leads', '300');
  await until(() => second.said().includes('comes in'));
  expect(await left()).toHaveLength(1);
  second.child.kill('SIGINT');
  expect(await second.exit).toBe(0);
  expect(await left()).toEqual([]);
});

test('a PostgreSQL that dies takes the demo with it, and nothing is left', async () => {
  const { exit, said } = demo('--leads', '300');
  await until(() => said().includes('comes in'));
  const [folder = ''] = await left();
  const lock = await readFile(join(temporary, folder, 'postgres/postmaster.pid'), 'utf8');
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
  expect(await exit).toBe(1);
  expect(said()).toContain('PostgreSQL has stopped by itself.');
  expect(await left()).toEqual([]);
});

test('a number of leads that is none is refused in one sentence', async () => {
  const { exit, said } = demo('--leads', 'many');
  expect(await exit).toBe(1);
  expect(said()).toMatch(/^--leads is a number from 100 to 100000\.\n/);
  expect(await left()).toEqual([]);
});
