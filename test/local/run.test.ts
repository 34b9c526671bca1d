import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
let project: string;

// A small project with the real run.mjs, so that no test adds a command to the real one.
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'leadpulse-run-')));
  await mkdir(join(project, 'local'));
  await copyFile(join(root, 'local/run.mjs'), join(project, 'local/run.mjs'));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'dir');
  const scripts = {
    start: 'node local/run.mjs start',
    fail: 'node local/run.mjs fail',
    types: 'tsc',
  };
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  await writeFile(join(project, 'question.sql'), 'select 1 -- one\n');
  await writeFile(
    join(project, 'local/start.ts'),
    `import pg from 'pg';
     import sql from '../question.sql' with { type: 'text' };
     const facts: object = { sql, words: process.argv.slice(2), pg: typeof pg.Client };
     const from = process.env.INIT_CWD;
     console.log(JSON.stringify({ ...facts, folder: process.cwd(), from }));`,
  );
  await writeFile(
    join(project, 'local/fail.ts'),
    `interface Erased {}\n\nexport const none: Erased = {};\nthrow new Error('as planned');\n`,
  );
});

afterAll(() => rm(project, { recursive: true, force: true }));

function run(...words: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: tmpdir() }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test('a command runs with its arguments, SQL as text, in the folder of the project', async () => {
  const { code, stdout } = await run(join(project, 'local/run.mjs'), 'start', '--port', '1');
  expect(code).toBe(0);
  const sql = 'select 1 -- one\n';
  expect(JSON.parse(stdout)).toEqual({
    sql,
    words: ['--port', '1'],
    pg: 'function',
    folder: project,
    from: await realpath(tmpdir()),
  });
});

test('an error points at the line of the source', async () => {
  const { code, stderr } = await run(join(project, 'local/run.mjs'), 'fail');
  expect(code).toBe(1);
  expect(stderr).toContain('as planned');
  expect(stderr).toContain(`${join(project, 'local/fail.ts')}:4:7`);
});

test.each(['nonsense', '', '../start'])(
  'the unknown command "%s" lists the commands',
  async (name) => {
    const { code, stderr } = await run(join(project, 'local/run.mjs'), name);
    expect(code).toBe(1);
    expect(stderr).toBe(`There is no command "${name}". The commands: start, fail.\n`);
  },
);

test('a Node that is too old says so in one sentence', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { node: '22.17.1' } })`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(older)}`;
  const { code, stderr } = await run(preload, join(project, 'local/run.mjs'), 'start');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^leadpulse needs Node 22\.18 or later, and this is 22\.17\.1\. .*\n$/);
});
