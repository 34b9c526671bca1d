import { end } from './at-end.ts';

/** What a benchmark measured, as a table. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Measures, prints the tables and ends the process, having stopped whatever was started: also
 * after an error and on Ctrl-C, which end it with code 1. It measures and never judges.
 */
export async function benchmark(measure: () => Promise<Table[]>): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => reject(new Error(`Stopped by ${signal}.`)));
    }
  });
  let code = 0;
  try {
    for (const table of await Promise.race([measure(), interrupted])) console.log(print(table));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    code = 1;
  }
  await end();
  process.exit(code);
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** The quotient of each pair of measurements: what slows both down cancels out. */
export function ratios(ours: readonly number[], others: readonly number[]): number[] {
  return ours.map((value, index) => value / (others[index] ?? Number.NaN));
}

/** `12,345`, or with so many decimals. */
export function shown(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Markdown, padded: reads well in a terminal, and goes into the README as it is. */
function print({ title, columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, place) => Math.max(...all.map((row) => row[place]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, place) => pad(cell, place, widths[place] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width, place) =>
    place === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [`\n### ${title}\n`, line(columns), line(rule), ...rows.map(line)].join('\n');
}

function pad(cell: string, place: number, width: number): string {
  return place === 0 ? cell.padEnd(width) : cell.padStart(width);
}
