import { v7 } from 'uuid';
import * as z from 'zod/mini';
import listSql from '../../sql/hooks/list-hook-mappings.sql' with { type: 'text' };
import oneSql from '../../sql/hooks/one-hook-mapping.sql' with { type: 'text' };
import setSql from '../../sql/hooks/set-hook-mapping.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf } from '../http/pages.ts';
import { Problem, problemAt } from '../http/problem.ts';
import { authenticity, mapping } from './mapping.ts';
import { presets } from './presets.ts';
import { pathWithSource } from './take-hook.ts';

const when = z.iso.datetime({ precision: 6 });

const hookMapping = z.strictObject({
  id: z.uuid(),
  created_at: when,
  updated_at: when,
  source: z.string(),
  enabled: z.boolean(),
  mapping: z.unknown(),
  authenticity: z.unknown(),
  /** How many; they are never shown. */
  secrets: z.int(),
});

type HookMapping = z.infer<typeof hookMapping>;

/** The name of a preset. */
export const presetName = z.enum(Object.keys(presets) as [string, ...string[]]);

const body = z
  .strictObject({
    preset: z.optional(presetName),
    mapping: z.optional(mapping),
    authenticity: z.optional(authenticity),
    secrets: z.optional(
      z
        .array(z.string().check(z.minLength(8), z.maxLength(500)))
        .check(z.minLength(1), z.maxLength(2)),
    ),
    enabled: z.optional(z.boolean()),
  })
  .check(
    z.refine(({ preset, mapping, authenticity }) => preset || (mapping && authenticity), {
      path: ['mapping'],
      message: 'and "authenticity" must be given where there is no "preset"',
    }),
  );

/**
 * `PUT /v1/hook-mappings/{source}`: says how a source is read; secrets left out stay. What
 * stood there is kept as a correction.
 */
export const setHookMapping = endpoint({
  path: pathWithSource,
  body,
  answers: {
    200: { description: 'Changed', schema: hookMapping },
    201: { description: 'Stored', schema: hookMapping },
  },
  async run({ path, body, now, caller }) {
    const { preset, enabled = true, secrets } = body;
    const ready = preset === undefined ? undefined : presets[preset];
    const authenticity = body.authenticity ?? ready?.authenticity;
    if (authenticity?.kind === 'standard-webhooks') checkSigningSecrets(secrets);
    const mapping = { ...ready?.mapping, ...body.mapping };
    const by = caller.key_id;
    const item = { ...path, id: v7(), enabled, mapping, authenticity, secrets, by };
    const [row] = await query<{ inserted: boolean; item: HookMapping }>(setSql, { item, now });
    return { status: row?.inserted ? 201 : 200, body: row?.item };
  },
});

function checkSigningSecrets(secrets: readonly string[] = []): void {
  const faults = secrets.flatMap((secret, index) => {
    if (/^whsec_[A-Za-z0-9+/]{11,}={0,2}$/.test(secret)) return [];
    const detail = 'A secret of Standard Webhooks is whsec_ and base64.';
    return [{ pointer: `/secrets/${index}`, code: 'invalid_format', detail }];
  });
  if (faults.length > 0) throw problemAt(422, faults);
}

/** `GET /v1/hook-mappings/{source}`: how a source is read; of its secrets, how many there are. */
export const showHookMapping = endpoint({
  path: pathWithSource,
  answers: { 200: { description: 'The mapping', schema: hookMapping } },
  async run({ path }) {
    const [row] = await query<{ item: HookMapping }>(oneSql, path);
    if (!row) throw new Problem(404, 'There is no hook for this source.');
    return { status: 200, body: row.item };
  },
});

const hookList = { name: 'hook-mappings', item: hookMapping, most: 100 };

/** `GET /v1/hook-mappings`: how each source is read, newest first. */
export const listHookMappings = endpoint({
  query: listQuery(hookList, {}),
  answers: pageForm(hookList),
  async run({ query: { cursor, format, limit } }) {
    const rows = await query<ListRow>(listSql, { limit, ...startOf(cursor) });
    return pageOf(hookList, rows, { limit, format });
  },
});

const preset = z.strictObject({
  name: z.string(),
  about: z.string(),
  mapping: z.unknown(),
  authenticity: z.unknown(),
});

/** `GET /v1/hook-presets`: what `"preset"` can name. */
export const listHookPresets = endpoint({
  answers: {
    200: { description: 'All of them', schema: z.strictObject({ items: z.array(preset) }) },
  },
  async run() {
    const items = Object.entries(presets).map(([name, given]) => ({ name, ...given }));
    return { status: 200, body: { items } };
  },
});
