import { basename } from 'node:path';
import { type Command, readCommand, usage } from './command.ts';
import { type CsvFile, countRows, likelierDelimiter, readHeader } from './csv-file.ts';
import { exportWith } from './exported.ts';
import { type ImportJob, importRows } from './import-rows.ts';
import { type Mapping, mappingOf } from './mapping.ts';
import { showProgress } from './progress.ts';
import { openRejected, ownColumnsOf, type RejectedFile } from './rejected.ts';
import { importSpend } from './spend.ts';
import { stopSignal } from './stop-signal.ts';
import { columnsLeftOut, summary, type Tally } from './summary.ts';
import { openTarget, type Target, timezoneOf } from './target.ts';
import { timeReader } from './times.ts';

/** What scripts can tell apart. */
const codes = { done: 0, failed: 1, someRejected: 2, stopped: 130 };

async function main(signal: AbortSignal): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (!command) {
    console.log(usage);
    return codes.done;
  }
  const header = await readHeader(command.file);
  const ours = exportWith(header.slice(ownColumnsOf(header)), command.kind.name);
  const file = { ...command.file, isOurs: ours !== undefined };
  const likelier = likelierDelimiter(header, file.delimiter);
  const mapping = mappingOf(command.kind, { header, likelier, ...command }, ours);
  const rejected = await openRejected({ ...file, header, dryRun: command.dryRun });
  // To its end before anything is sent: a broken file is not taken in by half.
  const rows = await countRows(file, signal);
  const target = await openTarget(command);
  try {
    const opened = { header, mapping, rows, rejected, target, signal };
    const tally = await importFile({ ...command, file }, opened);
    return tally.rejected > 0 ? codes.someRejected : codes.done;
  } finally {
    await rejected.close();
    await target.close();
  }
}

interface Opened {
  readonly header: readonly string[];
  readonly mapping: Mapping;
  readonly rows: number;
  readonly rejected: RejectedFile;
  readonly target: Target;
  readonly signal: AbortSignal;
}

async function importFile(
  { file, kind, dates, dryRun }: Command & { file: CsvFile },
  { header, mapping, rows, rejected, target, signal }: Opened,
): Promise<Tally> {
  const name = basename(file.path);
  const timezone = await timezoneOf(target, kind, signal);
  const progress = showProgress({ name, rows });
  const tally: Tally = { read: 0, stored: 0, present: 0, rejected: 0, passedOver: 0 };
  let first: string | undefined;
  const job: ImportJob = {
    file,
    kind,
    mapping,
    rejected,
    tally,
    signal,
    dryRun,
    address: target,
    columns: header.length,
    times: timeReader({ timezone, dates }),
    onItem(json) {
      first ??= json;
    },
    onRows: () => progress.at(tally.read),
    onWait: (why) => progress.at(tally.read, `${target.url} ${why}, waiting`),
  };
  const told = () => summary(tally, { dryRun, rejectedPath: rejected.path });
  try {
    await (kind.name === 'spend' ? importSpend(job) : importRows(job));
  } catch (error) {
    if (tally.read === 0) throw error;
    const more = dryRun ? '' : ' The same command goes on from here.';
    throw new Error(`${(error as Error).message}\n${told()}${more}`);
  } finally {
    progress.stop();
  }
  const leftOut = file.isOurs ? [] : columnsLeftOut(header, mapping);
  console.log([told(), ...leftOut].join('\n'));
  if (dryRun && first) console.log(`The first row as it would be sent:\n${first}`);
  return tally;
}

const signal = stopSignal();
main(signal).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(signal.aborted ? codes.stopped : codes.failed);
  },
);
