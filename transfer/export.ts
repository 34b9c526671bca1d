import { relative } from 'node:path';
import { type Address, ask, refusalOf } from './api.ts';
import { callersFolder } from './callers-folder.ts';
import { csvPages } from './csv-pages.ts';
import { type ExportCommand, readExportCommand, usage } from './export-command.ts';
import { openOutFile, standardOutput } from './out-file.ts';
import { stopSignal } from './stop-signal.ts';
import { numeral } from './summary.ts';
import { openTarget } from './target.ts';

/** What scripts can tell apart. */
const codes = { done: 0, failed: 1, stopped: 130 };

/** As many as a list gives at once. */
const mostRows = 1000;

async function main(signal: AbortSignal): Promise<void> {
  const command = readExportCommand(process.argv.slice(2));
  if (!command) {
    console.log(usage);
    return;
  }
  const target = await openTarget(command);
  try {
    if (command.report !== undefined) await expectReport(target, command.report, signal);
    await exportAll(target, command, signal);
  } finally {
    await target.close();
  }
}

async function exportAll(address: Address, command: ExportCommand, signal: AbortSignal) {
  const { name, path, report, filters, out } = command;
  const output = out === undefined ? standardOutput : await openOutFile(out);
  const progress = showProgress(name);
  const limit = report === undefined ? mostRows : undefined;
  const onWait = (why: string) => progress.at(rows, `${address.url} ${why}, waiting`);
  let rows = 0;
  let isTruncated = false;
  try {
    for await (const page of csvPages(address, { path, filters, limit, signal, onWait })) {
      await output.write(page.text);
      rows += page.rows;
      isTruncated = page.isTruncated;
      progress.at(rows);
    }
    await output.finish();
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    progress.stop();
  }
  if (isTruncated) {
    console.error(`These ${numeral(rows)} rows are not all of ${name}: take fewer days.`);
  }
  if (out === undefined) return;
  const file = relative(callersFolder(), out);
  console.log(`${numeral(rows)} rows of ${name} are in ${file}.`);
}

/** Says which reports there are where this is none. */
async function expectReport(address: Address, report: string, signal: AbortSignal) {
  const request = { method: 'GET', path: '/v1/reports', signal, first: true } as const;
  const answer = await ask(address, request);
  if (answer.status !== 200) throw new Error(refusalOf(address, request, answer));
  const { reports } = answer.body as { reports: readonly { name: string }[] };
  if (reports.some(({ name }) => name === report)) return;
  const names = reports.map(({ name }) => name).join(', ');
  throw new Error(`There is no report "${report}". The reports: ${names}.`);
}

/** A line in a terminal that counts the rows; elsewhere only what keeps them. */
function showProgress(name: string) {
  const { isTTY } = process.stderr;
  const start = Date.now();
  return {
    at(rows: number, note?: string) {
      if (!isTTY && note !== undefined) console.error(note);
      if (!isTTY) return;
      const rate = Math.round(rows / Math.max((Date.now() - start) / 1000, 0.001));
      const pace = `${numeral(rows)} rows, ${numeral(rate)} rows/s`;
      process.stderr.write(`\r\u001b[K${name}: ${note ?? pace}`);
    },
    stop() {
      if (isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}

const signal = stopSignal();
// A write that fails says so itself.
process.stdout.on('error', () => undefined);
main(signal).then(
  () => process.exit(codes.done),
  (error: NodeJS.ErrnoException) => {
    // Who reads has enough, as `head` does.
    if (error.code === 'EPIPE') process.exit(codes.done);
    console.error(error.message);
    process.exit(signal.aborted ? codes.stopped : codes.failed);
  },
);
