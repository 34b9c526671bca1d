import { readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const importsText = {
  name: 'imports-text',
  enforce: 'pre' as const,
  load(id: string) {
    const [path] = id.split('?');
    if (!path || !/\.(sql|html)$/.test(path)) return null;
    return { code: `export default ${JSON.stringify(readFileSync(path, 'utf8'))}`, map: null };
  },
};

export default defineConfig({
  plugins: [importsText],
  test: {
    include: ['test/**/*.test.ts'],
    // The files of Olist may not be committed: OLIST names the folder they are in.
    exclude: process.env.OLIST
      ? configDefaults.exclude
      : [...configDefaults.exclude, 'test/importing-olist.test.ts'],
    globalSetup: ['test/setup/postgres.ts'],
    env: { AWS_LAMBDA_LOG_LEVEL: 'SILENT' },
    // Of two cores: a third of the time a test waits, for a database, a queue or a process.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
