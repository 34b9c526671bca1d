import { dirname, join } from 'node:path';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BuildOptions } from 'esbuild';
import type { FunctionName } from '../core/catalogue/functions.ts';

/** The project's folder. */
export const projectRoot = dirname(import.meta.dirname);

/** The file that a function is bundled from. */
export function entryOf(name: FunctionName): string {
  return join(projectRoot, 'functions', `${name}.ts`);
}

/** How a function is bundled, as esbuild's own API takes it: for tests and benchmarks. */
export const esbuildOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  // Without a banner that makes `require`: no package in the bundles asks for it at run time.
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  // Beside the code, to look a logged frame up by hand. The runtime is not told of it: reading it
  // (--enable-source-maps) would add 9 ms to the 28 in which `reports` loads.
  sourcemap: true,
  sourcesContent: false,
  loader: { '.sql': 'text', '.html': 'text' },
  alias: { '@aws-sdk/credential-provider-node': './infra/lambda-credentials.ts' },
} as const satisfies BuildOptions;

const { target, minify, sourcemap, sourcesContent, loader } = esbuildOptions;

/** The same, as the CDK's construct takes it. It runs the project's esbuild, without Docker. */
export const bundlingOptions: BundlingOptions = {
  format: OutputFormat.ESM,
  target,
  mainFields: [...esbuildOptions.mainFields],
  minify,
  sourceMap: sourcemap,
  sourcesContent,
  loader,
  // The SDK too: only what is used, at the version that was tested.
  externalModules: [],
  logLevel: LogLevel.WARNING,
  esbuildArgs: {
    '--alias': Object.entries(esbuildOptions.alias).map(([name, file]) => `${name}=${file}`),
  },
};
