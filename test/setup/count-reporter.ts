import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/**
 * Prints `N passed, N failed` as the run's last line. Failed files and suites, unhandled errors,
 * a run cut short, and whatever else makes vitest exit with an error count as failed.
 */
function createCountReporter(): Reporter {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // Teardown comes after every reporter hook and may fail and print: only 'exit' is really last.
  process.once('exit', (code) => {
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  });
  return {
    onTestRunEnd(testModules, unhandledErrors) {
      Object.assign(counts, { passed: 0, failed: unhandledErrors.length, skipped: 0 });
      for (const testModule of testModules) {
        for (const suite of [testModule, ...testModule.children.allSuites()]) {
          counts.failed += countSuiteFailure(suite);
        }
        for (const test of testModule.children.allTests()) {
          const { state } = test.result();
          // Pending is a test that never ran: its file crashed, or the run was cut short.
          counts[state === 'pending' ? 'failed' : state] += 1;
        }
      }
    },
  };
}

// A suite with a failed test is failed too; its own errors are what nobody has counted yet.
function countSuiteFailure(suite: TestModule | TestSuite): number {
  return suite.errors().length > 0 ? 1 : 0;
}

// biome-ignore lint/style/noDefaultExport: vitest calls `new` on a reporter file's default export.
export default createCountReporter;
