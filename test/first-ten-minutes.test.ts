import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, shows, stepsOf, until } from './setup/console.ts';

const readme = readFileSync('README.md', 'utf8');

let folder: string;
let server: ChildProcess;
let shell: ReturnType<typeof openShell>;
let terminal = '';
let port: number;

beforeAll(async () => {
  folder = checkout();
  port = await freePort();
  const environment = { ...process.env, PORT: String(port), DATABASE_URL: '' };
  server = spawn('npm', ['start'], { cwd: folder, env: environment, detached: true });
  server.stdout?.on('data', (text) => {
    terminal += text;
  });
  server.stderr?.on('data', (text) => {
    terminal += text;
  });
  shell = openShell({ cwd: folder });
});

afterAll(async () => {
  shell.close();
  if (server.exitCode === null && server.pid) process.kill(-server.pid, 'SIGINT');
  await until(() => server.exitCode !== null || server.signalCode !== null);
  rmSync(folder, { recursive: true, force: true });
});

test('the README says what a newcomer sees, from npm start to the first alert', async () => {
  const steps = stepsOf(readme.replaceAll('4000', String(port)));
  expect(steps.length).toBeGreaterThan(5);
  for (const { command, shown } of steps) {
    if (command === '') await expectShown(() => terminal, shown, 'the terminal of npm start');
    else if (command === 'npm start') await expectShown(() => terminal, shown, command);
    else if (command.startsWith('export LEADPULSE_KEY')) await shell.run(printedExport());
    else {
      const output = await shell.run(command);
      await expectShown(() => output, shown, command);
    }
  }
}, 180_000);

test('the README has at most 150 lines', () => {
  expect(readme.split('\n').length - 1).toBeLessThanOrEqual(150);
});

/** The alert, and what npm start prints, take their time. */
async function expectShown(read: () => string, shown: string, what: string): Promise<void> {
  await until(() => shows(read(), shown));
  expect(shows(read(), shown), `${what} shows\n${read()}\ninstead of\n${shown}`).toBe(true);
}

function printedExport(): string {
  return /export LEADPULSE_KEY=\S+/.exec(terminal)?.[0] ?? 'false';
}

/** What a clone has, in a folder of its own; the packages are those of this checkout. */
function checkout(): string {
  const target = mkdtempSync(join(tmpdir(), 'leadpulse-readme-'));
  // A checkout is readable by others; one that is not has a test of its own.
  chmodSync(target, 0o755);
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--deduplicate']);
  for (const file of listed.toString().trim().split('\n')) {
    // A file that is removed and not committed yet is still listed.
    if (existsSync(file)) cpSync(file, join(target, file), { recursive: true });
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(target, 'node_modules'));
  return target;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}
