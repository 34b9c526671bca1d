import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../setup/command.ts';
import { readExport } from '../setup/exports.ts';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
let folder: string;
beforeAll(async () => {
  api = await startTestMachine();
  await api.sql(`insert into leads (id, created_at, recorded_at, source, external_id, is_test)
    select uuidv7(), t.at, t.at, 'zillow', 'z-' || n, n % 100 = 0
    from generate_series(1, 2300) as n
    cross join lateral (
      select timestamptz '2026-03-01 00:00:00Z' + n / 3 * interval '1 minute'
    ) as t (at)`);
  await api.take({ source: '', first_name: '=1+1', created_at: '2026-04-01T00:00:00Z' });
});
afterAll(() => api.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadpulse-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm run export` against the machine, or what stands before it. */
function run(
  words: string[],
  given: { url?: string; key?: string; watch?: (child: ChildProcess) => void } = {},
) {
  const { url = api.url, key = api.key, watch } = given;
  const env = { LEADPULSE_KEY: key };
  return runCommand(['transfer/export', ...words, '--url', url], {
    cwd: folder,
    env,
    ...(watch && { watch }),
  });
}

/** Answers as the machine does, but for the requests that `instead` answers itself. */
async function startProxy(
  instead: (path: string, response: ServerResponse) => boolean | Promise<boolean>,
) {
  const server = createServer(async (request: IncomingMessage, response) => {
    const path = request.url ?? '';
    if (await instead(path, response)) return;
    const headers = { authorization: request.headers.authorization ?? '' };
    const answer = await fetch(api.url + path, { headers });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, close };
}

describe('an export', () => {
  test('is one file with one header, whatever the pages', async () => {
    const { code, stdout, stderr } = await run(['leads', '--out', 'leads.csv']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '2,301 rows of leads are in leads.csv.\n',
      stderr: '',
    });
    const rows = readExport(await readFile(join(folder, 'leads.csv'), 'utf8'));
    const stored = await api.sql<{ id: string }>(
      'select id from leads order by created_at desc, id desc',
    );
    expect(rows.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
    expect(rows[0]).toMatchObject({ source: '', first_name: '=1+1', last_name: null });
    expect(await readdir(folder)).toEqual(['leads.csv']);
  });

  test('goes to standard output, with nothing beside it', async () => {
    const { stdout, stderr } = await run(['leads', '--include=counted', '--source', 'zillow']);
    expect(stderr).toBe('');
    expect(readExport(stdout).length).toBe(2277);
  });

  test('of a report is what the report answers', async () => {
    const days = ['--from', '2026-03-01', '--to', '2026-03-03'];
    const { stdout } = await run(['report', 'trend', ...days, '--bucket', 'week']);
    const query = 'from=2026-03-01&to=2026-03-03&bucket=week&format=csv';
    expect(stdout).toBe((await api.get(`/v1/reports/trend?${query}`)).text);
  });

  test('says where a report had to be cut', async () => {
    const sources = Array.from({ length: 1001 }, (_, n) => `('many-${n}', '2025-03-01Z')`);
    await api.sql(`insert into leads (source, created_at) values ${sources.join()}`);
    const days = ['--from', '2025-03-01', '--to', '2025-03-02'];
    const { stdout, stderr } = await run(['report', 'lead-source-performance', ...days]);
    await api.sql("delete from leads where source like 'many-%'");
    expect(stdout.split('\r\n').length).toBe(1002);
    expect(stderr).toBe(
      'These 1,000 rows are not all of the report lead-source-performance: take fewer days.\n',
    );
  });

  test('ends well where the reader has enough', async () => {
    const words = `transfer/export leads --url ${api.url}`;
    const command = `{ ${process.execPath} local/run.mjs ${words}; echo $? >&2; }`;
    const env = { ...process.env, LEADPULSE_KEY: api.key };
    const said = await new Promise<string>((resolve) => {
      execFile('bash', ['-c', `${command} | head -1`], { env }, (_, out, err) =>
        resolve(out.slice(0, 14) + err),
      );
    });
    expect(said).toBe('id,created_at,0\n');
  });
});

describe('an export that meets trouble', () => {
  test('waits for a server that is busy, and goes on after a lost answer', async () => {
    const asked: string[] = [];
    const proxy = await startProxy((path, response) => {
      asked.push(path);
      if (asked.length === 2) {
        response.writeHead(200, { 'content-length': '99' }).write('id,created_at');
        setImmediate(() => response.destroy());
      }
      if (asked.length === 3) response.writeHead(503, { 'retry-after': '0' }).end();
      if (asked.length === 4) response.writeHead(429, { 'retry-after': '0' }).end();
      return asked.length > 1 && asked.length < 5;
    });
    const { code, stderr } = await run(['leads', '--out', 'leads.csv'], proxy);
    await proxy.close();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /cannot be.*\n.* is busy \(503\), waiting\n.* is busy \(429\), waiting\n/,
    );
    const rows = readExport(await readFile(join(folder, 'leads.csv'), 'utf8'));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2301);
    expect(rows.length).toBe(2301);
  });

  test('has each lead once, though others arrive meanwhile', async () => {
    const added: string[] = [];
    const proxy = await startProxy(async () => {
      added.push(await api.take({ source: 'meanwhile' }));
      return false;
    });
    const { stdout } = await run(['leads'], proxy);
    await proxy.close();
    await api.sql('delete from lead_events where lead_id = any ($1)', [added]);
    await api.sql('delete from leads where id = any ($1)', [added]);
    const seen = readExport(stdout).map(({ id }) => id);
    expect(added.length).toBeGreaterThan(2);
    // The one that came before the first page.
    expect(seen.filter((id) => added.includes(id ?? ''))).toEqual(added.slice(0, 1));
    expect([seen.length, new Set(seen).size]).toEqual([2302, 2302]);
  });

  test('leaves an earlier file as it was, and no half of a new one', async () => {
    await writeFile(join(folder, 'leads.csv'), 'earlier');
    const proxy = await startProxy((path, response) => {
      const isSecond = path.includes('cursor=');
      if (isSecond) response.writeHead(500).end('{"detail": "Something went wrong."}');
      return isSecond;
    });
    const { code, stdout, stderr } = await run(['leads', '--out', 'leads.csv'], proxy);
    await proxy.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`${proxy.url} answered 500: Something went wrong.\n`);
    expect(await readdir(folder)).toEqual(['leads.csv']);
    expect(await readFile(join(folder, 'leads.csv'), 'utf8')).toBe('earlier');
  });

  test('leaves nothing behind when it is stopped', async () => {
    let child: ChildProcess | undefined;
    const proxy = await startProxy((path) => {
      const isSecond = path.includes('cursor=');
      if (isSecond) child?.kill('SIGINT');
      return isSecond;
    });
    const { code, stderr } = await run(['leads', '--out', 'leads.csv'], {
      ...proxy,
      watch(started) {
        child = started;
      },
    });
    expect([code, stderr]).toEqual([130, 'Stopped.\n']);
    expect(await readdir(folder)).toEqual([]);
    await proxy.close();
  });
});

describe('what cannot be exported is told in one sentence', () => {
  test.each([
    [[], 1, /^Say what to export\.\n/],
    [['lead'], 1, /^There is no list "lead": leads \| .* \| report NAME\.\n$/],
    [['leads', 'events'], 1, /^One list at a time: leads events\.\n$/],
    [['report', 'trends'], 1, /^There is no report "trends"\. The reports: executive-.*\.\n$/],
    [['leads', '--form', '2026-03-01'], 1, /^"form" is not known here\.\n$/],
    [['leads', '--from', 'March'], 1, /^"from" must be a date, such as 2026-11-22\.\n$/],
    [['leads', '--from'], 1, /^--from needs a value\.\n$/],
    [['leads', '--limit', '5'], 1, /^--limit is not needed: an export takes everything\.\n$/],
    [['leads', '--out', 'a.csv', '--out', 'b.csv'], 1, /^--out is given twice\.\n$/],
    [['leads', '--out', '.'], 1, /is a folder: name a file\.\n$/],
    [['leads', '--out', 'nowhere/leads.csv'], 1, /leads\.csv cannot be written \(ENOENT\)\.\n$/],
  ])('%s', async (words, expected, sentence) => {
    // A word of the test's own comes last, and not as the value of the option before.
    const { code, stdout, stderr } = await runCommand(
      ['transfer/export', '--url', api.url, ...words],
      { cwd: folder, env: { LEADPULSE_KEY: api.key } },
    );
    expect(stderr).toMatch(sentence);
    expect([code, stdout]).toEqual([expected, '']);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a key that may not read', async () => {
    const { stderr } = await run(['leads'], { key: await api.keyWith(['leads:write']) });
    expect(stderr).toBe(
      `${api.url} refuses this key: it is not one of its own, or lacks "reports:read".\n`,
    );
  });

  test('an address where nobody is', async () => {
    const { code, stderr } = await run(['leads'], { url: 'http://127.0.0.1:9' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9 cannot be reached \(.*\)\.\n$/);
  });
});
