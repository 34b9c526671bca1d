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
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A command of the README's console blocks, and what it shows. */
interface Step {
  command: string;
  shown: string;
}

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
const steps = blocks.flatMap(readSteps);

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
  shell = openShell(folder);
});

afterAll(async () => {
  shell.close();
  if (server.exitCode === null && server.pid) process.kill(-server.pid, 'SIGINT');
  await until(() => server.exitCode !== null || server.signalCode !== null);
  rmSync(folder, { recursive: true, force: true });
});

test('the README says what a newcomer sees, from npm start to the first alert', async () => {
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

/**
 * Lines with `$` are commands, `\` goes on; the rest is shown. A block without one is npm start's.
 */
function readSteps(block: string): Step[] {
  const joined = block.replaceAll(/\\\n\s*/g, ' ');
  const found: Step[] = [{ command: '', shown: '' }];
  for (const line of joined.split('\n')) {
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), shown: '' });
    else found[found.length - 1] = added(found[found.length - 1], line);
  }
  return found.filter((step) => step.command !== '' || step.shown.trim() !== '');
}

function added(step: Step | undefined, line: string): Step {
  return { command: step?.command ?? '', shown: `${step?.shown ?? ''}${line}\n` };
}

/** `…` stands for anything; the README's port for ours. */
async function expectShown(read: () => string, shown: string, what: string): Promise<void> {
  const wanted = shown
    .trim()
    .replaceAll('4000', String(port))
    .split('…')
    .map((part) => part.trim());
  const found = () => {
    let place = 0;
    return wanted.every((part) => {
      const at = read().indexOf(part, place);
      place = at + part.length;
      return at >= 0;
    });
  };
  await until(found);
  expect(found(), `${what} shows\n${read()}\ninstead of\n${wanted.join(' … ')}`).toBe(true);
}

function printedExport(): string {
  return /export LEADPULSE_KEY=\S+/.exec(terminal)?.[0] ?? 'false';
}

async function until(met: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !met(); attempt++) await pause(100);
}

/** One shell for all commands, so that what one exports the next one has. */
function openShell(cwd: string) {
  const bash = spawn('bash', [], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let output = '';
  bash.stdout.on('data', (text) => {
    output += text;
  });
  return {
    async run(command: string): Promise<string> {
      output = '';
      bash.stdin.write(`${command.replaceAll('4000', String(port))}\necho "<<done>>"\n`);
      await until(() => output.includes('<<done>>'));
      return output.replace('<<done>>', '');
    },
    close: () => bash.stdin.end(),
  };
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
