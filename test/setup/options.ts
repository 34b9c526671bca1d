import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openapi } from './openapi.ts';

/** Where commands are: in the others `type` is a schema's. */
const rooms = /^(local|transfer|demo|bench|test)\/.*\.ts$/;

/**
 * The options that a command of `local/run.mjs` takes: those which its own files give to parseArgs.
 * What `export` takes besides are the API's filters.
 */
export async function optionsOf(command: string): Promise<Set<string>> {
  const entry = command.includes('/') ? `${command}.ts` : join('local', `${command}.ts`);
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sql': 'empty', '.html': 'empty' },
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).filter((file) => rooms.test(file));
  const own = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const options = [...own.matchAll(/\b([a-z][a-z-]*)'?: \{ type: '(?:string|boolean)'/g)].map(
    ([, name = '']) => name,
  );
  return new Set([...options, ...(command === 'transfer/export' ? exportsTakes() : [])]);
}

function exportsTakes(): string[] {
  const { paths } = openapi as unknown as {
    paths: Record<string, { get?: { parameters?: readonly { in: string; name: string }[] } }>;
  };
  const parameters = Object.values(paths).flatMap(({ get }) => get?.parameters ?? []);
  const filters = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  return [...filters, 'out', 'url', 'key'];
}
