import { afterAll, beforeAll, expect, test } from 'vitest';
import { yearOf } from '../../demo/year.ts';
import { demoZone } from '../setup/demo-year.ts';
import { startTestMachine } from '../setup/machine.ts';
import { compare, sentenceOf } from './compare.ts';
import { leadsOf } from './facts.ts';
import { replay, termsOf } from './replay.ts';
import { expectedSteps } from './steps.ts';
import { storyOf } from './story.ts';

// An agent leaves 62 days before the end: two days after the hour that the clocks leave out, on
// 9 March. The team has a past before the first check, so that some leads can have converted.
const end = Date.parse('2025-05-12T18:30:00Z');
const part = {
  from: Date.parse('2025-01-25T05:00:00Z'),
  firstCheck: Date.parse('2025-03-06T05:00:00Z'),
  to: Date.parse('2025-03-13T05:00:00Z'),
};

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine({ WORKSPACE_TIMEZONE: demoZone });
});
afterAll(() => api.close());

test('weeks of the demo, checked by the hour: each incident is as it has to be', async () => {
  const year = yearOf({ seed: 7, end, timezone: demoZone, leads: 10_000 });
  const story = storyOf(year, part);
  const { policies, rules } = termsOf(story);
  const leads = leadsOf(story, policies, demoZone);
  const { departures } = story;
  const { firstCheck, to } = part;
  const steps = expectedSteps({ leads, rules, departures, from: firstCheck, to });
  const { machine, key } = api;
  const heard = await replay({ machine, key, story, ...part });
  const verdict = compare(steps, heard);
  process.stdout.write(
    `${heard.checks} checks of ${rules.length} rules over ${story.leads.length} leads, ` +
      `${Math.round(heard.checkMs / heard.checks)} ms each: ${sentenceOf(verdict)}\n`,
  );
  // Of each kind there is something to be wrong about.
  const reasons = new Set(steps.map(({ transition, reason }) => `${transition} ${reason}`));
  expect([...reasons].sort()).toEqual([
    'opened null',
    'reminded null',
    'resolved agent_gone',
    'resolved recovered',
  ]);
  expect(verdict).toMatchObject({ missed: [], wrong: [], twice: [], misstated: [] });
}, 120_000);
