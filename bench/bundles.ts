import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { esbuildOptions } from '../infra/bundling.ts';
import { atEnd } from './at-end.ts';
import { benchmark, median, ratios, shown, type Table } from './benchmark.ts';

const rounds = 21;
const limits = { reports: { bytes: 1.5, time: 1.3 }, ingest: { bytes: 1.75, time: 1.6 } };

const clientAlone = `
  import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
  const client = new RDSDataClient({});
  export const handler = (event) => client.send(new ExecuteStatementCommand(event));`;

// What a Lambda does before its first event: the modules run, and nothing is sent.
const timeOfImport = `
  const start = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - start);
  process.exit();`;

type Bundle = { name: string; file: string; bytes: number; milliseconds: number[] };

await benchmark(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-bundles-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  // With the SDK's own search for credentials both sides are larger by the same.
  const whole = await bundleAll(join(folder, 'whole'), { alias: {} });
  const deployed = await bundleAll(join(folder, 'deployed'), {});
  for (let round = 0; round <= rounds; round += 1) {
    for (const bundle of [...deployed, ...whole]) {
      const milliseconds = await load(bundle.file);
      // The first round brings the files into memory.
      if (round > 0) bundle.milliseconds.push(milliseconds);
    }
  }
  return [
    table('as deployed', deployed),
    table("as deployed, but with the SDK's own credential providers", whole),
  ];
});

async function bundleAll(folder: string, options: BuildOptions): Promise<Bundle[]> {
  const entries: [string, BuildOptions][] = [
    ['client alone', { stdin: { contents: clientAlone, resolveDir: process.cwd() } }],
    ['reports', { entryPoints: ['functions/reports.ts'] }],
    ['ingest', { entryPoints: ['functions/ingest.ts'] }],
  ];
  return Promise.all(
    entries.map(async ([name, entry]) => {
      const outfile = join(folder, `${name.replace(' ', '-')}.mjs`);
      // This file runs from elsewhere than the sources: the project is where we are.
      const absWorkingDir = process.cwd();
      await build({ ...esbuildOptions, absWorkingDir, ...entry, outfile, ...options });
      return { name, file: outfile, bytes: (await stat(outfile)).size, milliseconds: [] };
    }),
  );
}

/** Milliseconds that a fresh process needs to import the bundle. */
async function load(file: string): Promise<number> {
  const words = ['--input-type=module', '--eval', timeOfImport, pathToFileURL(file).href];
  // Named, as in a deployment: what writes metrics is loaded, too.
  const env = { PATH: process.env.PATH, AWS_REGION: 'us-east-1', METRICS_SERVICE: 'bench' };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  return Number(stdout);
}

function table(how: string, bundles: readonly Bundle[]): Table {
  const [alone] = bundles;
  const rows = bundles.map((bundle) => {
    const limit = limits[bundle.name as keyof typeof limits];
    const time = median(ratios(bundle.milliseconds, alone?.milliseconds ?? []));
    const size = bundle.bytes / (alone?.bytes ?? 1);
    return [
      ...[bundle.name, shown(bundle.bytes), shown(size, 2), String(limit?.bytes ?? '')],
      ...[shown(median(bundle.milliseconds), 1), shown(time, 2), String(limit?.time ?? '')],
    ];
  });
  return {
    title: `bundles: ${how}, against the Data API client alone`,
    columns: ['bundle', 'bytes', '× alone', 'at most', 'import ms', '× alone', 'at most'],
    rows,
  };
}
