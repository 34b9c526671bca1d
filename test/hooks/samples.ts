import { readFileSync } from 'node:fs';
import type { Mapping } from '../../core/hooks/mapping.ts';

/** What a provider sends, and the lead it becomes by the preset of that name. */
export interface Sample {
  content_type: string;
  /** As JSON, or as the text that is sent. */
  sample?: unknown;
  text?: string;
  /** What is set beside the preset: questions of one's own. */
  mapping: Mapping;
  lead: Record<string, unknown>;
  /** Codes, in their order. */
  findings: string[];
}

/** The providers of which there is a sample. */
export const sampled = [
  'meta-lead-ads',
  'google-ads-lead-form',
  'typeform',
  'webflow',
  'html-form',
] as const;

/** The sample of a provider. */
export function sampleOf(name: string): Sample {
  return JSON.parse(readFileSync(`test/hooks/samples/${name}.json`, 'utf8'));
}

/** What is sent. */
export const textOfSample = ({ text, sample }: Sample) => text ?? JSON.stringify(sample);
