import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, randomFrom } from '../../demo/random.ts';
import type { FaultFile } from '../../local/faults.ts';
import { type Account, accountOf } from './account.ts';
import { emptyTally, leadOf, type Offer, send, startClient, type Tally } from './client.ts';
import { type Entry, type Ledger, openLedger } from './ledger.ts';
import type { World } from './world.ts';

/** How hard and how long; every moment that is not said follows from the seed. */
export interface Harm {
  readonly seed: number;
  readonly perSecond: number;
  readonly kills: number;
  readonly crashes: number;
  readonly resumingMs: number;
  readonly mixMs: number;
  readonly queueAwayMs: number;
}

/** What the clients of a scenario met; its offers have its seed in their names. */
export interface Run {
  readonly seed: number;
  readonly tally: Tally;
  readonly entries: readonly Entry[];
}

// SQS promises neither once nor in order: a tenth of the messages comes twice, and one late.
const astray = { shares: { twice: 0.1, later: 0.1 }, seed: 4 };

const mix = {
  throttling: 0.1,
  unavailable: 0.1,
  internal: 0.05,
  secret: 0.05,
  reset: 0.1,
  cut: 0.1,
  slow: 0.02,
};

/**
 * Everything fails, one after the other and some together, while a client posts and the process
 * that serves it is killed again and again.
 */
export async function everythingFails(world: World, harm: Harm): Promise<Run> {
  return withClient(world, harm, async (tally) => {
    world.plan({ messages: astray });
    const killing = killNowAndThen(world, harm.kills, randomFrom(harm.seed));
    await crashNowAndThen(world, harm.crashes, randomFrom(harm.seed + 1));
    await harmStandIns(world, harm, tally);
    await killing;
    world.plan({});
  });
}

/** Many clients that know nothing of each other send the same few leads, and answers get lost. */
export async function sameKeys(
  world: World,
  options: { seed: number; clients: number; posts: number; keys: number },
): Promise<Run> {
  const { seed, clients, posts, keys } = options;
  const random = randomFrom(seed);
  const offers = Array.from({ length: keys }, (_, key) => leadOf(`${seed}-${key}`, random));
  const order = Array.from({ length: posts }, (_, post) => offers[post % keys] as Offer)
    .map((offer) => ({ offer, place: random.next() }))
    .toSorted((a, b) => a.place - b.place);
  return withLedger(world, seed, async (ledger) => {
    world.plan({ data_api: { shares: mix, seed }, messages: astray });
    const tally = emptyTally();
    const sending = { ...world.leadpulse, ledger, random, tally };
    const post = async () => {
      for (let next = order.pop(); next; next = order.pop()) {
        tally.offered += 1;
        await send(next.offer, sending);
      }
    };
    await Promise.all(Array.from({ length: clients }, post));
    world.plan({});
    return tally;
  });
}

/**
 * The database is away while a client posts, and for as long as `afterwards` takes once it is back.
 */
export async function outage(
  world: World,
  options: {
    seed: number;
    perSecond: number;
    milliseconds: number;
    afterwards(): Promise<unknown>;
  },
): Promise<Run> {
  return withClient(world, options, async () => {
    await pause(1000);
    await world.database.crash();
    await pause(options.milliseconds);
    await world.database.start();
    await options.afterwards();
  });
}

/** Waits until the queue is empty, and draws up the account of each run. */
export async function settled(world: World, runs: readonly Run[]): Promise<Account[]> {
  const left = await world.queues.drained(180_000);
  const accounts: Account[] = [];
  for (const run of runs) accounts.push(await accountOf(world, { ...run, left }));
  return accounts;
}

async function withClient(
  world: World,
  { seed, perSecond }: { seed: number; perSecond: number },
  harm: (tally: Tally) => Promise<void>,
): Promise<Run> {
  return withLedger(world, seed, async (ledger) => {
    const { url, key } = world.leadpulse;
    const client = startClient({ url, key, ledger, seed, perSecond });
    await harm(client.tally).catch(async (error) => {
      await client.stop();
      throw error;
    });
    return client.stop();
  });
}

async function withLedger(
  world: World,
  seed: number,
  work: (ledger: Ledger) => Promise<Tally>,
): Promise<Run> {
  const ledger = await openLedger(join(world.folder, `ledger-${seed}`));
  try {
    const tally = await work(ledger);
    return { seed, tally, entries: await ledger.read() };
  } finally {
    await ledger.close();
  }
}

async function killNowAndThen(world: World, kills: number, random: Random): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await pause(random.between(300, 3000));
    await world.leadpulse.killAndRestart();
  }
}

async function crashNowAndThen(world: World, crashes: number, random: Random): Promise<void> {
  for (let crash = 0; crash < crashes; crash++) {
    await pause(random.between(1000, 3000));
    await world.database.crash();
    await pause(random.between(500, 3000));
    await world.database.start();
  }
}

async function harmStandIns(world: World, harm: Harm, tally: Tally): Promise<void> {
  const { seed, resumingMs, mixMs, queueAwayMs } = harm;
  const plan = (plans: FaultFile) => world.plan({ messages: astray, ...plans });
  plan({ data_api: { shares: { resuming: 1 } } });
  await lasts(resumingMs, () => tally.queued);
  plan({ data_api: { shares: mix, seed } });
  await pause(mixMs);
  // The queue too: what neither can take is refused to the client, and nothing is promised.
  const queueAway = { shares: { unavailable: 0.5, reset: 0.5 }, seed };
  plan({ data_api: { shares: { resuming: 1 } }, queue: queueAway });
  await lasts(queueAwayMs, () => tally.refused);
  plan({ queue: { shares: { unavailable: 0.1, reset: 0.1, cut: 0.1 }, seed } });
  await pause(queueAwayMs);
}

/** So long, and until the client has met it: leadpulse may just be starting. A minute at most. */
async function lasts(milliseconds: number, met: () => number): Promise<void> {
  const before = met();
  await pause(milliseconds);
  for (let tries = 0; met() === before && tries < 600; tries++) await pause(100);
}
