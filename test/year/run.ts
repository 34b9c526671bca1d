import { join } from 'node:path';
import { scopes } from '../../core/access/keys.ts';
import { yearOf } from '../../demo/year.ts';
import { createLocalKey } from '../../local/key-secret.ts';
import { startMachine } from '../../local/machine.ts';
import { startThrowAway } from '../../local/postgres/throw-away.ts';
import { demoEnd, demoZone } from '../setup/demo-year.ts';
import { compare, sentenceOf } from './compare.ts';
import { leadsOf } from './facts.ts';
import { type Heard, replay, termsOf } from './replay.ts';
import { expectedSteps } from './steps.ts';
import { hourMs, storyOf } from './story.ts';

// `npm run test:year`: every hour of the demo's year; `-- 30` its first days only.
const days = Number(process.argv[2] ?? 365);
const say = (line: string) => process.stdout.write(`${line}\n`);
if (!Number.isInteger(days) || days < 1 || days > 365) {
  say(`A number of days from 1 to 365, and not "${process.argv[2]}".`);
  process.exit(1);
}
process.env.WORKSPACE_TIMEZONE = demoZone;

const year = yearOf({ seed: 7, end: demoEnd, timezone: demoZone });
const from = Math.ceil((demoEnd - 365 * 24 * hourMs) / hourMs) * hourMs;
const to = from + days * 24 * hourMs - hourMs;
const story = storyOf(year, { from, firstCheck: from, to });
const { policies, rules } = termsOf(story);

const database = await startThrowAway('year');
const keySecretFile = join(database.folder, 'key-secret.json');
const machine = await startMachine({ databaseUrl: database.url, port: 0, keySecretFile });
const close = async () => {
  await machine.close();
  await database.stop();
};
// Ctrl-C leaves nothing behind that it started; what it cuts off may fail as it likes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    process.on('uncaughtException', () => undefined);
    close().finally(() => process.exit(1));
  });
}

const key = await createLocalKey(keySecretFile, { scopes: [...scopes] });
const begun = performance.now();
let month: Pick<Heard, 'checks' | 'sendMs' | 'checkMs'> = { checks: 0, sendMs: 0, checkMs: 0 };
const heard = await replay({
  ...{ machine, key, story, from, firstCheck: from, to },
  hourIsOver(at, soFar) {
    if (at < to && new Date(at + hourMs).getUTCDate() !== 1) return;
    if (at < to && new Date(at + hourMs).getUTCHours() !== 0) return;
    say(`until ${new Date(at).toISOString()}: ${paceOf(soFar)}`);
    month = { ...soFar };
  },
});
const seconds = Math.round((performance.now() - begun) / 1000);
await close();

const leads = leadsOf(story, policies, demoZone);
const { departures } = story;
const verdict = compare(expectedSteps({ leads, rules, departures, from, to }), heard);
const { missed, wrong, twice, misstated } = verdict;
for (const [what, keys] of Object.entries({ missed, wrong, twice, misstated })) {
  for (const one of keys.slice(0, 20)) say(`${what}: ${one}`);
}
say(
  `${heard.checks} checks of ${rules.length} rules in ${seconds} s, over ${story.leads.length} ` +
    `leads and ${story.events.length} events: ${sentenceOf(verdict)}`,
);
process.exit(missed.length + wrong.length + twice.length + misstated.length === 0 ? 0 : 1);

/** Since the month began. */
function paceOf({ checks, sendMs, checkMs }: Heard): string {
  const each = (after: number, before: number) =>
    `${((after - before) / Math.max(1, checks - month.checks)).toFixed(1)} ms`;
  const [send, check] = [each(sendMs, month.sendMs), each(checkMs, month.checkMs)];
  return `${send} to send an hour, ${check} to check it`;
}
