import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Account } from './account.ts';
import { everythingFails, outage, sameKeys, settled } from './scenarios.ts';
import { startWorld, type World } from './world.ts';

// A minute where nothing else runs. What is asserted are counts, which no delay changes.
const timeout = 180_000;

let world: World;
let failing: Account;
let keyed: Account;
let away: Account;

beforeAll(async () => {
  world = await startWorld();
  // One after the other, and one wait for all that is in the queue at the end: up to 30 seconds.
  const runs = [
    await everythingFails(world, {
      seed: 7,
      perSecond: 20,
      kills: 3,
      crashes: 1,
      resumingMs: 2000,
      mixMs: 3000,
      queueAwayMs: 2000,
    }),
    await sameKeys(world, { seed: 8, clients: 16, posts: 480, keys: 50 }),
    await outage(world, {
      seed: 9,
      perSecond: 20,
      milliseconds: 3000,
      afterwards: async () => undefined,
    }),
  ];
  [failing, keyed, away] = (await settled(world, runs)) as [Account, Account, Account];
}, timeout);
afterAll(() => world.close(), timeout);

/** What must hold of every account, whatever went wrong. */
const adds = (account: Account) => ({
  acknowledged: account.offered,
  doubled: 0,
  lost: 0,
  mixed_up: 0,
  dead: 0,
  wrong: [],
});

test('nothing acknowledged is lost or doubled while everything fails', () => {
  expect(failing).toMatchObject(adds(failing));
  // Each of these would be 0 if what should fail had not failed.
  expect(failing.queued).toBeGreaterThan(0);
  expect(failing.refused_honestly).toBeGreaterThan(0);
  expect(failing.unanswered).toBeGreaterThan(0);
  expect(world.leadpulse.endedByItself()).toBe(0);
});

test('sixteen clients with the same 50 leads make 50 leads', () => {
  expect(keyed).toMatchObject({ ...adds(keyed), stored: 50 });
});

test('while the database is away every lead is taken, and stored when it is back', () => {
  // That none is refused meanwhile hangs on the queue's answer within a second: the long form says.
  expect(away).toMatchObject({ ...adds(away), unanswered: 0 });
  expect(away.queued).toBeGreaterThan(0);
});
