import { type Address, ask, type Request, refusalOf } from './api.ts';
import type { Kind } from './kinds.ts';

/** One item on its way, or one that cannot be sent. */
export interface Parcel<T> {
  /** What it was made of. */
  readonly of: T;
  /** The item; undefined where there is a fault. */
  readonly json?: string;
  /** What it is called: two items of the same name are never sent at the same time. */
  readonly names: readonly string[];
  /** Bytes to keep until it has settled. */
  readonly weight: number;
  readonly fault?: string;
}

/** What became of a parcel. */
export type Outcome = 'stored' | 'present' | { readonly reason: string };

type Settled<T> = readonly (readonly [Parcel<T>, Outcome])[];

/** Where parcels go, and who hears of it. */
export interface Sending<T> {
  readonly address: Address;
  readonly kind: Kind;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onWait: (why: string) => void;
  /** Called batch after batch, in the order of the parcels. */
  settle(settled: Settled<T>): Promise<void>;
}

const mostItems = 1000;
const mostBytes = 1.5 * 1024 * 1024;
/** Above all an API takes; so that one row never makes a request too large. */
const mostItemBytes = 256 * 1024;
/** 60,000 leads on two cores: one at a time 17 s, two 10 s, three 11 s. */
const lanes = 2;

interface Batch<T> {
  readonly parcels: Parcel<T>[];
  readonly names: Set<string>;
  bytes: number;
  weight: number;
}

/**
 * Sends parcels in batches, the next ones while one is under way. Of two that have a name in common
 * the first one is there before the other leaves. Throws a sentence when the server refuses a
 * batch or stays away; what was sent until then has settled.
 */
export async function sendAll<T>(
  parcels: AsyncIterable<Parcel<T>>,
  sending: Sending<T>,
): Promise<void> {
  const underWay: { names: Set<string>; settled: Promise<Settled<T>> }[] = [];
  const settleFirst = async () => {
    const first = underWay.shift();
    if (first) await sending.settle(await first.settled);
  };
  try {
    for await (const batch of batchesOf(parcels)) {
      const { names } = batch;
      while (underWay.length === lanes || underWay.some((other) => meet(other.names, names))) {
        await settleFirst();
      }
      const settled = send(batch, sending);
      // Awaited later; until then its failure is not unhandled.
      settled.catch(() => undefined);
      underWay.push({ names, settled });
    }
    while (underWay.length > 0) await settleFirst();
  } finally {
    // After a failure the others may still have come through, and count.
    while (underWay.length > 0) await settleFirst().catch(() => undefined);
  }
}

async function* batchesOf<T>(parcels: AsyncIterable<Parcel<T>>): AsyncGenerator<Batch<T>> {
  let batch: Batch<T> = { parcels: [], names: new Set(), bytes: 0, weight: 0 };
  for await (const parcel of parcels) {
    const bytes = Buffer.byteLength(parcel.json ?? '');
    const isFull =
      batch.parcels.length === mostItems ||
      batch.bytes + bytes > mostBytes ||
      batch.weight + parcel.weight > 2 * mostBytes;
    if (isFull && batch.parcels.length > 0) {
      yield batch;
      batch = { parcels: [], names: new Set(), bytes: 0, weight: 0 };
    }
    const fault = bytes > mostItemBytes ? 'The row is larger than 256 KB.' : parcel.fault;
    batch.parcels.push(fault === undefined ? parcel : { ...parcel, fault });
    for (const name of parcel.names) batch.names.add(name);
    batch.bytes += fault === undefined ? bytes : 0;
    batch.weight += parcel.weight;
  }
  if (batch.parcels.length > 0) yield batch;
}

function meet(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  for (const name of second) if (first.has(name)) return true;
  return false;
}

async function send<T>({ parcels }: Batch<T>, sending: Sending<T>): Promise<Settled<T>> {
  const items = parcels.flatMap(({ json, fault }) => (fault === undefined ? [json] : []));
  const results = items.length > 0 ? await sendItems(items.join(','), sending) : [];
  if (results.length !== items.length) throw new Error('The server answered for other rows.');
  const answers = results.values();
  return parcels.map((parcel) => {
    const { fault } = parcel;
    return [parcel, fault === undefined ? outcomeOf(answers.next().value) : { reason: fault }];
  });
}

interface Result {
  readonly status: number;
  readonly problem?: { readonly detail: string; readonly errors?: readonly { detail: string }[] };
}

async function sendItems<T>(items: string, sending: Sending<T>): Promise<readonly Result[]> {
  const { address, kind, dryRun, signal, onWait } = sending;
  const request: Request = {
    method: kind.method,
    path: dryRun ? `${kind.path}?dry_run=true` : kind.path,
    body: `{"items":[${items}]}`,
    signal,
    onWait,
  };
  const answer = await ask(address, request);
  if (answer.status !== 200) throw new Error(refusalOf(address, request, answer));
  return (answer.body as { results: readonly Result[] }).results;
}

function outcomeOf(result: Result | undefined): Outcome {
  if (result?.status === 201) return 'stored';
  if (result?.status === 200) return 'present';
  const { errors = [], detail = 'The server did not say why.' } = result?.problem ?? {};
  return { reason: errors.length > 0 ? errors.map((one) => one.detail).join(' ') : detail };
}
