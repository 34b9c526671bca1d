import { afterAll, beforeAll, expect, test } from 'vitest';
import { yearOf } from '../../demo/year.ts';
import { demoEnd, demoZone } from '../setup/demo-year.ts';
import { startTestMachine } from '../setup/machine.ts';
import { compare, sentenceOf } from './compare.ts';
import { leadsOf } from './facts.ts';
import { replay, termsOf } from './replay.ts';
import { expectedSteps } from './steps.ts';
import { storyOf } from './story.ts';

// With the hour that the clocks leave out, on 9 March, and the day on which an agent leaves; the
// team has a past before the first check, so that some leads are old enough to have converted.
const part = {
  from: Date.parse('2025-01-25T05:00:00Z'),
  firstCheck: Date.parse('2025-03-08T05:00:00Z'),
  to: Date.parse('2025-03-20T05:00:00Z'),
};

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: demoZone });
});
afterAll(() => api.close());

test('two weeks of the demo, hour by hour: each incident is told as it has to be', async () => {
  const year = yearOf({ seed: 7, end: demoEnd, timezone: demoZone, leads: 10_000 });
  const story = storyOf(year, part);
  const { policies, rules } = termsOf(story);
  const leads = leadsOf(story, policies, demoZone);
  const { departures } = story;
  const { firstCheck, to } = part;
  const steps = expectedSteps({ leads, rules, departures, from: firstCheck, to });
  const { machine, key } = api;
  const heard = await replay({ machine, key, story, ...part });
  const verdict = compare(steps, heard.messages);
  process.stdout.write(
    `${heard.checks} checks of ${rules.length} rules over ${story.leads.length} leads, ` +
      `${Math.round(heard.checkMs / heard.checks)} ms each: ${sentenceOf(verdict)}\n`,
  );
  expect(verdict).toMatchObject({ missed: [], wrong: [], twice: [], misstated: [] });
}, 120_000);
