import * as z from 'zod/mini';
import addKeySql from '../../sql/access/add-key.sql' with { type: 'text' };
import listKeysSql from '../../sql/access/list-keys.sql' with { type: 'text' };
import revokeKeySql from '../../sql/access/revoke-key.sql' with { type: 'text' };
import rotateKeySql from '../../sql/access/rotate-key.sql' with { type: 'text' };
import { replayedHeader } from '../batches/write-items.ts';
import { query } from '../database/client.ts';
import { type Answer, endpoint } from '../http/endpoint.ts';
import { shortText } from '../http/fields.ts';
import { type ListRow, listQuery, pageForm, pageOf, startOf, yesOrNo } from '../http/pages.ts';
import { Problem } from '../http/problem.ts';
import { idOfRequest, type RequestKey } from '../http/request-key.ts';
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

interface Made {
  readonly key: Listed;
  readonly first_id: string | null;
  readonly replayed: boolean;
}

/** A key follows from what it says: a request that comes again is shown the same one. */
const shown = {
  200: { description: 'This very request came before: its key', schema: made },
  201: { description: 'The new key, shown to this request alone', schema: made },
};

/** `POST /v1/keys`: a new key. What it is itself is in this answer, and kept nowhere. */
export const addKey = endpoint({
  creates: true,
  body: z
    .strictObject({
      label: z.optional(z.nullable(shortText(200))),
      scopes: z.array(z.enum(scopes)).check(z.minLength(1), z.maxLength(scopes.length)),
      source: z.optional(source),
    })
    .check(oneSource),
  answers: shown,
  async run({ body, caller, now, requestKey }) {
    const secret = await currentSecret();
    const id = keyIdOf(requestKey);
    const given = scopes.filter((scope) => body.scopes.includes(scope));
    const item = { ...body, id, scopes: given, created_by: caller.key_id, ...requestKey };
    const [row] = await query<Made>(addKeySql, { item, now });
    if (!row) throw new Error('add_key answered nothing');
    return answerOf(row, secret);
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
  creates: true,
  path,
  body: z.strictObject({
    grace_hours: z._default(z.int().check(z.minimum(0), z.maximum(720)), 24),
  }),
  answers: shown,
  async run({ path, body, caller, now, requestKey }) {
    const secret = await currentSecret();
    const [row] = await query<Made>(rotateKeySql, {
      ...path,
      ...body,
      successor_id: keyIdOf(requestKey),
      by: caller.key_id,
      request: requestKey ?? {},
      now,
    });
    if (row) return answerOf(row, secret);
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

/** The same for every replay of a request that calls itself something. */
function keyIdOf(request: RequestKey | undefined): string {
  if (!request) return newKeyId();
  return `key_${idOfRequest(request).replaceAll('-', '').slice(0, 16)}`;
}

/** Before the write: a key that nobody can be given is not listed. */
async function currentSecret(): Promise<string> {
  const [secret] = await keySecrets();
  if (secret === undefined) throw new Error('there is no key-signing secret');
  return secret;
}

function answerOf({ key, first_id, replayed }: Made, secret: string): Answer {
  const { id, scopes, source } = key;
  const payload = {
    id,
    ...(first_id !== null && { first_id }),
    scopes: scopes ?? [],
    ...(source !== null && { source }),
  };
  return {
    status: replayed ? 200 : 201,
    headers: replayed ? replayedHeader : {},
    body: { ...key, key: signKey(payload, secret) },
  };
}
