import { afterAll, beforeAll, expect, test } from 'vitest';
import { yearOf } from '../../demo/year.ts';
import { demoEnd, demoZone } from '../setup/demo-year.ts';
import { startTestMachine } from '../setup/machine.ts';
import { compare, sentenceOf } from './compare.ts';
import { leadsOf } from './facts.ts';
import { replay, termsOf } from './replay.ts';
import { expectedSteps } from './steps.ts';
import { storyOf } from './story.ts';

// With the hour that the clocks leave out, on 9 March; the team has a past before the first check.
const from = Date.parse('2025-02-20T05:00:00Z');
const firstCheck = Date.parse('2025-03-07T05:00:00Z');
const to = Date.parse('2025-03-20T05:00:00Z');

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: demoZone });
});
afterAll(() => api.close());

test('two weeks of the demo, hour by hour: each incident is told as it has to be', async () => {
  const year = yearOf({ seed: 7, end: demoEnd, timezone: demoZone });
  const story = storyOf(year, { from, to });
  const { policies, rules } = termsOf(story);
  const leads = leadsOf(story, policies, demoZone);
  const { departures } = story;
  const steps = expectedSteps({ leads, rules, departures, from: firstCheck, to });
  const { machine, key } = api;
  const heard = await replay({ machine, key, story, from, firstCheck, to });
  const verdict = compare(steps, heard.messages);
  process.stdout.write(
    `${heard.checks} checks of ${rules.length} rules over ${story.leads.length} leads, ` +
      `${Math.round(heard.checkMs / heard.checks)} ms each: ${sentenceOf(verdict)}\n`,
  );
  expect(verdict).toMatchObject({ missed: [], wrong: [], twice: [], misstated: [] });
}, 120_000);
