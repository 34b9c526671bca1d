import { type Account, tableOf } from './account.ts';
import { everythingFails, outage, type Run, sameKeys, settled } from './scenarios.ts';
import { startWorld, type World } from './world.ts';

// `npm run test:chaos`, about 15 minutes; `-- 2` at other moments, `-- failing keys` only these.
const words = process.argv.slice(2);
const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? 1);
const wanted = words.filter((word) => !/^\d+$/.test(word));
const say = (line: string) => process.stdout.write(`${line}\n`);

const harm = { kills: 20, crashes: 3, resumingMs: 15_000, mixMs: 30_000, queueAwayMs: 10_000 };
const tenMinutes = 600_000;
const drainWithinMs = 60_000;

// Ctrl-C leaves nothing behind that it started.
let running: World | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => running?.close().finally(() => process.exit(1)));
}

const broken: string[] = [];
const accounts: Record<string, Account> = {};

async function scenario(
  name: string,
  run: (world: World) => Promise<Run>,
  isBroken: (account: Account) => string | false = () => false,
): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const startedAt = performance.now();
  const world = await startWorld();
  running = world;
  try {
    const [account] = await settled(world, [await run(world)]);
    if (!account) return;
    accounts[name] = account;
    const found = [faultOf(account), isBroken(account)].filter(Boolean);
    if (world.leadpulse.endedByItself() > 0) found.push('leadpulse ended by itself');
    for (const what of found) broken.push(`${name}: ${what}`);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say(
      `${name}: ${seconds} s, killed ${world.leadpulse.kills()} times, ${JSON.stringify(account)}`,
    );
  } finally {
    await world.close();
  }
}

/** What no scenario may end with. */
function faultOf({ lost, doubled, mixed_up, dead, wrong, acknowledged, offered }: Account) {
  if (lost + doubled + mixed_up + dead > 0) return 'the ledger does not add up';
  if (wrong.length > 0) return wrong.join('; ');
  return acknowledged < offered && `${offered - acknowledged} were never acknowledged`;
}

await scenario('failing', (world) => everythingFails(world, { seed, perSecond: 20, ...harm }));
await scenario(
  'keys',
  (world) => sameKeys(world, { seed, clients: 16, posts: 4800, keys: 500 }),
  ({ stored }) => stored !== 500 && `${stored} leads of 500 keys`,
);
let drainedAfterMs = 0;
await scenario(
  'outage',
  async (world) => {
    await world.age();
    return outage(world, {
      seed,
      perSecond: 50,
      milliseconds: tenMinutes,
      // The client goes on meanwhile: what waits is stored faster than what comes.
      async afterwards() {
        const backAt = performance.now();
        await world.queues.drained(3 * drainWithinMs);
        drainedAfterMs = Math.round(performance.now() - backAt);
        say(`The queue was empty ${drainedAfterMs} ms after the database was back.`);
      },
    });
  },
  ({ refused_honestly, unanswered }) => {
    if (refused_honestly + unanswered > 0) return 'not every answer was a 2xx';
    return drainedAfterMs > drainWithinMs && `drained only after ${drainedAfterMs} ms`;
  },
);

if (Object.keys(accounts).length === 0) broken.push('failing, keys, outage: none of these ran');
say(`\nSeed ${seed}.\n`);
say(tableOf(accounts));
say(broken.length === 0 ? '\nThe ledger adds up.' : `\n${broken.join('\n')}`);
process.exit(broken.length === 0 ? 0 : 1);
