import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';

/** What goes wrong with a stand-in for AWS, how often and how long. */
export interface FaultPlan<Kind extends string = string> {
  /** Of all calls the share with each fault, 1 at most together. */
  readonly shares: Readonly<Partial<Record<Kind, number>>>;
  /** The same seed strikes the same calls of a sequence; 1 where none is given. */
  readonly seed?: number;
  /** Over after so many calls; where neither this nor `until` is given, when it is replaced. */
  readonly calls?: number;
  /** Over at this moment, in milliseconds since 1970: it holds across a restart. */
  readonly until?: number;
  /** How long a slow call is held before it runs, 4 s where nothing is said. */
  readonly slowMs?: number;
}

/** Decides about one call after the other. */
export interface Faults<Kind extends string> {
  plan(plan: FaultPlan<Kind>): void;
  /** What goes wrong with this call. */
  next(): Kind | undefined;
  /** How long a slow call is held now. */
  slowMs(): number;
}

/** The plans in a file, by what they are for: the way in from another process. */
export type FaultFile = Readonly<Record<string, FaultPlan>>;

// Longer than ingest waits for a write, 2.5 s: it runs when nobody waits for it any more.
const longerThanAnyoneWaits = 4000;

const share = z.number().check(z.gte(0), z.lte(1));
const fileSchema = z.record(
  z.string(),
  z.strictObject({
    shares: z.record(z.string(), share),
    seed: z.optional(z.int()),
    calls: z.optional(z.int()),
    until: z.optional(z.number()),
    slowMs: z.optional(z.number()),
  }),
);

/**
 * Opens the switch of one stand-in. Everything works until a plan is made, by `plan` or, where a
 * file is named, by its entry `name`; a file that is not there plans nothing.
 */
export function openFaults<Kind extends string>(options: {
  kinds: readonly Kind[];
  name: string;
  file?: string | undefined;
}): Faults<Kind> {
  const { kinds, name, file } = options;
  const none = { shares: {} } as FaultPlan<Kind>;
  let current = none;
  let random = randomFrom(1);
  let left = 0;
  let version = '';

  function plan(wanted: FaultPlan<Kind>): void {
    const unknown = Object.keys(wanted.shares).find((kind) => !kinds.includes(kind as Kind));
    if (unknown) throw new Error(`${name} has no fault "${unknown}", only ${kinds.join(', ')}`);
    const all = Object.values<number | undefined>(wanted.shares).reduce<number>(
      (sum, part) => sum + (part ?? 0),
      0,
    );
    // Tenths add up to a little more than 1.
    if (all > 1 + 1e-9) throw new Error(`the faults of ${name} are ${all} of its calls`);
    current = wanted;
    left = wanted.calls ?? Infinity;
    random = randomFrom(wanted.seed ?? 1);
  }

  /** A look at the file's date costs 10 µs a call, and only tests name a file. */
  function readAgain(): void {
    if (!file) return;
    const state = statSync(file, { throwIfNoEntry: false });
    const found = state ? `${state.ino} ${state.mtimeMs}` : '';
    if (found === version) return;
    plan((found ? (readFaults(file)[name] as FaultPlan<Kind>) : undefined) ?? none);
    version = found;
  }

  return {
    plan,
    next() {
      readAgain();
      if (left <= 0 || Date.now() >= (current.until ?? Infinity)) return undefined;
      left -= 1;
      return drawFrom(current.shares, random());
    },
    slowMs: () => current.slowMs ?? longerThanAnyoneWaits,
  };
}

/** Puts the plans in place of those before, whole: a reader never sees half a file. */
export function writeFaults(file: string, plans: FaultFile): void {
  writeFileSync(`${file}.new`, JSON.stringify(plans));
  renameSync(`${file}.new`, file);
}

function readFaults(file: string): FaultFile {
  const found = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (found.success) return found.data;
  throw new Error(`${file} is no plan of faults: ${z.prettifyError(found.error)}`);
}

function drawFrom<Kind extends string>(
  shares: Partial<Record<Kind, number>>,
  drawn: number,
): Kind | undefined {
  let below = 0;
  for (const [kind, part] of Object.entries<number | undefined>(shares)) {
    below += part ?? 0;
    if (drawn < below) return kind as Kind;
  }
  return undefined;
}

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
