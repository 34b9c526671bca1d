import { Presets, SingleBar } from 'cli-progress';
import { numeral } from './summary.ts';

/** Shows how far an import is, on standard error. */
export interface Progress {
  /** So many rows are done; the note says what keeps the next ones. */
  at(done: number, note?: string): void;
  stop(): void;
}

const lineEveryMs = 10_000;

/** A bar in a terminal, elsewhere a line every 10 seconds. */
export function showProgress(file: { name: string; rows: number }): Progress {
  return process.stderr.isTTY ? bar(file) : lines(file);
}

function bar({ name, rows }: { name: string; rows: number }): Progress {
  const format = `${name} {bar} {percentage}% | {done} of {all} rows | {rate}/s | {left}{note}`;
  const look = { ...Presets.shades_classic, barsize: 20, hideCursor: true, fps: 5 };
  const shown = new SingleBar({ ...look, format });
  const pace = paceOf(rows);
  shown.start(rows, 0, { ...pace(0), note: '' });
  return {
    at: (done, note) => shown.update(done, { ...pace(done), note: note ? ` | ${note}` : '' }),
    stop: () => shown.stop(),
  };
}

function lines({ name, rows }: { name: string; rows: number }): Progress {
  const pace = paceOf(rows);
  let next = Date.now() + lineEveryMs;
  return {
    at(done, note) {
      if (note !== undefined) console.error(note);
      if (Date.now() < next) return;
      next = Date.now() + lineEveryMs;
      const now = pace(done);
      console.error(`${name}: ${now.done} of ${now.all} rows, ${now.rate} rows/s, ${now.left}`);
    },
    stop: () => undefined,
  };
}

/** How fast it goes, by all that was done until now. */
function paceOf(rows: number) {
  const start = Date.now();
  return (done: number) => {
    const rate = done / Math.max((Date.now() - start) / 1000, 0.001);
    const left = done > 0 ? `${duration((rows - done) / rate)} left` : 'starting';
    return { done: numeral(done), all: numeral(rows), rate: numeral(Math.round(rate)), left };
  };
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
