import * as z from 'zod/mini';
import addKeySql from '../../sql/access/add-key.sql' with { type: 'text' };
import listKeysSql from '../../sql/access/list-keys.sql' with { type: 'text' };
import revokeKeySql from '../../sql/access/revoke-key.sql' with { type: 'text' };
import rotateKeySql from '../../sql/access/rotate-key.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { endpoint } from '../http/endpoint.ts';
import { shortText } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf, yesOrNo } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { source } from '../leads/fields.ts';
import { keyId, newKeyId, oneSource, scopes, signKey } from './keys.ts';
import { keySecrets } from './secrets.ts';

const text = z.nullable(z.string());
const when = z.iso.datetime({ precision: 6 });
const path = z.object({ id: keyId });

const fields = {
  id: keyId,
  created_at: when,
  created_by: text,
  label: text,
  /** Null: it was made offline, and nothing is known of it but that it is revoked. */
  scopes: z.nullable(z.array(z.enum(scopes))),
  source: text,
  revoked_at: z.nullable(when),
  revoked_by: text,
  replaced_by: z.nullable(keyId),
};
const listed = z.strictObject(fields);
const made = z.strictObject({ ...fields, key: z.string() });

type Listed = z.infer<typeof listed>;

/** `POST /v1/keys`: a new key. What it is itself is in this answer, and kept nowhere. */
export const addKey = endpoint({
  body: z
    .strictObject({
      label: z.optional(z.nullable(shortText(200))),
      scopes: z.array(z.enum(scopes)).check(z.minLength(1), z.maxLength(scopes.length)),
      source: z.optional(source),
    })
    .check(oneSource),
  answers: { 201: { description: 'The key, shown this once', schema: made } },
  async run({ body, caller, now }) {
    const secret = await currentSecret();
    const id = newKeyId();
    const given = scopes.filter((scope) => body.scopes.includes(scope));
    const item = { ...body, id, scopes: given, created_by: caller.key_id };
    const [row] = await query<{ key: Listed }>(addKeySql, { item, now });
    if (!row) throw new Error('add_key answered nothing');
    return { status: 201, body: withText(row.key, secret) };
  },
});

/** `POST /v1/keys/{id}/revoke`: the key ends now, whoever made it and wherever. */
export const revokeKey = endpoint({
  path,
  answers: { 200: { description: 'The key, revoked', schema: listed } },
  async run({ path, caller, now }) {
    const [row] = await query<{ key: Listed }>(revokeKeySql, { ...path, by: caller.key_id, now });
    return { status: 200, body: row?.key };
  },
});

/** `POST /v1/keys/{id}/rotate`: a key of the same rights; the old one ends after the grace time. */
export const rotateKey = endpoint({
  path,
  body: z.strictObject({
    grace_hours: z._default(z.int().check(z.minimum(0), z.maximum(720)), 24),
  }),
  answers: { 201: { description: 'The new key, shown this once', schema: made } },
  async run({ path, body, caller, now }) {
    const secret = await currentSecret();
    const [row] = await query<{ key: Listed }>(rotateKeySql, {
      ...path,
      ...body,
      successor_id: newKeyId(),
      by: caller.key_id,
      now,
    });
    if (row) return { status: 201, body: withText(row.key, secret) };
    throw new Problem(404, 'No key of this id is listed: make a new one, and revoke this one.');
  },
});

const keyList = { name: 'keys', item: listed, most: 200 };

/** `GET /v1/keys`: keys, newest first. One made offline is there once it is revoked. */
export const listKeys = endpoint({
  query: listQuery(keyList, { revoked: z.optional(yesOrNo) }),
  answers: pageForm(keyList),
  async run({ query: { cursor, format, ...filters }, now }) {
    const rows = await query<ListRow>(listKeysSql, {
      revoked: null,
      ...filters,
      ...startOf(cursor),
      now,
    });
    return pageOf(keyList, rows, { ...filters, format });
  },
});

/** Before the write: a key that nobody can be given is not listed. */
async function currentSecret(): Promise<string> {
  const [secret] = await keySecrets();
  if (secret === undefined) throw new Error('there is no key-signing secret');
  return secret;
}

function withText(key: Listed, secret: string) {
  const { id, scopes, source } = key;
  const payload = { id, scopes: scopes ?? [], ...(source !== null && { source }) };
  return { ...key, key: signKey(payload, secret) };
}
