import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const importsText = {
  name: 'imports-text',
  enforce: 'pre' as const,
  load(id: string) {
    const [path] = id.split('?');
    if (!path || !/\.(sql|html)$/.test(path)) return null;
    return { code: `export default ${JSON.stringify(readFileSync(path, 'utf8'))}`, map: null };
  },
};

/** Those that wait or work longest, first: the last to begin would be waited for by all. */
const longest = [
  'chaos/nothing-lost',
  'core/alerts/quarter',
  'transfer/import-here',
  'demo/story',
  'infra/bundles',
  'infra/metrics',
  'year/year',
  'core/queue/store-or-queue',
  'hooks/outage',
  'local/up-to-date',
];

// Workers and the commands that tests start load the same packages two hundred times.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? longest.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

/**
 * Tests of pure functions: templates, statistics, oracles. They read no environment and keep
 * nothing, so that files share a process and what it has loaded: of CDK alone that is a second.
 */
const pure = [
  'test/{oracle,simulation,statistics}/**/*.test.ts',
  'test/infra/!(access|bi|bundles|diff|metrics|migration|roles).test.ts',
];

// The files of Olist may not be committed: OLIST names the folder they are in.
const left = process.env.OLIST ? [] : ['test/importing-olist.test.ts'];

export default defineConfig({
  plugins: [importsText],
  test: {
    sequence: { sequencer: LongestFirst },
    env: { AWS_LAMBDA_LOG_LEVEL: 'SILENT' },
    // Of two cores: a third of the time a test waits, for a database, a queue or a process.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: {
          // With a database, settings and stand-ins of its own, which a process has once.
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pure, ...left],
          globalSetup: ['test/setup/postgres.ts'],
        },
      },
    ],
  },
});
