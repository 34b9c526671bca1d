import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presets } from '../../core/hooks/presets.ts';
import { readLead } from '../../core/hooks/read-lead.ts';
import { sampled, sampleOf, textOfSample } from './samples.ts';

const now = '2026-03-02T15:00:00.000Z';

test('every preset has a sample', () => {
  expect(Object.keys(presets)).toEqual([...sampled]);
});

test('the page shows the mappings as they are', () => {
  const page = readFileSync('docs/hooks.md', 'utf8');
  const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
    JSON.parse(json),
  );
  expect(shown).toEqual(Object.values(presets).map(({ mapping }) => mapping));
});

test.each(sampled)('%s becomes the lead that it should', async (name) => {
  const sample = sampleOf(name);
  const { mapping, authenticity } = presets[name] as (typeof presets)[string];
  const sent = { bytes: Buffer.from(textOfSample(sample)), contentType: sample.content_type };
  const how = { mapping: { ...mapping, ...sample.mapping }, authenticity, now };
  const { lead, raw_data } = await readLead(sent, how);
  expect(lead).toEqual(sample.lead);
  const findings = (raw_data.findings ?? []) as { code: string }[];
  expect(findings.map(({ code }) => code)).toEqual(sample.findings);
});

test('what a secret in the body opens is not kept with the lead', async () => {
  const sample = sampleOf('google-ads-lead-form');
  const { mapping, authenticity } = presets['google-ads-lead-form'] as (typeof presets)[string];
  const sent = { bytes: Buffer.from(textOfSample(sample)), contentType: sample.content_type };
  const { raw_data } = await readLead(sent, { mapping, authenticity, now });
  expect(raw_data.submission).toMatchObject({ google_key: '(secret)', lead_id: 'TeSter-7b41-Ew' });
  expect(JSON.stringify(raw_data)).not.toContain('a-key-of-our-own');
});
