import * as z from 'zod/mini';
import oneSql from '../../sql/hooks/one-hook-mapping.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { Problem } from '../http/problem.ts';
import { presetName } from './hook-mappings.ts';
import { type Authenticity, type Mapping, mapping } from './mapping.ts';
import { presets } from './presets.ts';
import { readLead } from './read-lead.ts';
import { pathWithSource } from './take-hook.ts';

const body = z
  .strictObject({
    sample: z.optional(z.unknown()),
    text: z.optional(z.string()),
    content_type: z.optional(z.string().check(z.maxLength(200))),
    mapping: z.optional(mapping),
    preset: z.optional(presetName),
  })
  .check(
    z.refine((given) => (given.sample === undefined) !== (given.text === undefined), {
      path: ['sample'],
      message: 'or "text" must be given, and not both',
    }),
    z.refine((given) => (given.text === undefined) === (given.content_type === undefined), {
      path: ['content_type'],
      message: 'goes with "text"',
    }),
  );

const answer = z.strictObject({
  lead: z.record(z.string(), z.unknown()),
  findings: z.array(
    z.strictObject({
      field: z.optional(z.string()),
      at: z.optional(z.string()),
      code: z.string(),
      detail: z.string(),
    }),
  ),
  id_from: z.enum(['external_id', 'webhook_id', 'nothing']),
});

interface Stored {
  readonly mapping: Mapping;
  readonly authenticity: Authenticity;
}

/**
 * `POST /v1/hook-mappings/{source}/dry-run`: the lead that a sample would become, by the mapping
 * that is stored or by one to try. Stores nothing.
 */
export const rehearseHook = endpoint({
  path: pathWithSource,
  body,
  answers: { 200: { description: 'The lead, and what could not be read', schema: answer } },
  async run({ path, body, now }) {
    const [row] = await query<{ item: Stored }>(oneSql, path);
    const ready = body.preset === undefined ? undefined : presets[body.preset];
    const tried = ready || body.mapping ? { ...ready?.mapping, ...body.mapping } : undefined;
    const used = tried ?? row?.item.mapping;
    if (!used) throw new Problem(404, 'There is no hook for this source, and no mapping to try.');
    const authenticity = row?.item.authenticity ?? ready?.authenticity ?? { kind: 'key' as const };
    const { lead, raw_data } = await readLead(sampleOf(body), { mapping: used, authenticity, now });
    return {
      status: 200,
      body: {
        lead: { source: path.source, ...lead, raw_data },
        findings: raw_data.findings ?? [],
        id_from: idFrom(lead.external_id, authenticity),
      },
    };
  },
});

function sampleOf({ sample, text, content_type }: z.infer<typeof body>) {
  if (text !== undefined) return { bytes: Buffer.from(text), contentType: content_type ?? '' };
  return { bytes: Buffer.from(JSON.stringify(sample)), contentType: 'application/json' };
}

function idFrom(external_id: string | undefined, { kind }: Authenticity) {
  if (external_id !== undefined) return 'external_id';
  return kind === 'standard-webhooks' ? 'webhook_id' : 'nothing';
}
