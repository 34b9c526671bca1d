import { randomUUID } from 'node:crypto';
import { escapePointer, Problem } from '../http/problem.ts';
import { type Findings, pointerOf, storable } from './findings.ts';
import { readLenientJson } from './lenient-json.ts';

/** The bytes of a submission and what they are said to be. */
export interface Sent {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** A body may be as large as what is kept of it. */
export const submissionLimit = 32 * 1024;

const json = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i;
const urlEncoded = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const multipart = /^multipart\/form-data\s*;/i;

/**
 * What a form or a provider sent, as a JSON value. Throws a Problem: 413 beyond 32 KB, 400 where
 * it cannot be parsed, 415 where it is neither JSON nor a form.
 */
export async function readSubmission(sent: Sent, findings: Findings): Promise<unknown> {
  const { bytes, contentType } = sent;
  if (bytes.length > submissionLimit) throw new Problem(413, 'The body is larger than 32 KB.');
  if (bytes.length === 0) throw new Problem(400, 'The body is missing.');
  if (json.test(contentType)) return readJson(bytes, findings);
  if (urlEncoded.test(contentType)) return formOf(pairsOf(bytes, findings), findings);
  if (multipart.test(contentType)) return formOf(await partsOf(sent, findings), findings);
  const accepted = 'application/json, application/x-www-form-urlencoded or multipart/form-data';
  throw new Problem(415, `Send JSON or a form, with the header content-type: ${accepted}.`);
}

function readJson(bytes: Buffer, findings: Findings): unknown {
  const text = utf8(bytes);
  if (text === undefined) throw new Problem(400, 'The body is not UTF-8.');
  try {
    return readLenientJson(text, findings);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(400, 'The body is not JSON.');
    throw error;
  }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

type Pairs = readonly (readonly [name: string, value: unknown])[];

/** https://url.spec.whatwg.org/#urlencoded-parsing, by bytes, since old pages are not UTF-8. */
function pairsOf(bytes: Buffer, findings: Findings): Pairs {
  const parts = bytes.toString('latin1').split('&');
  return parts.filter(Boolean).map((part) => {
    const [name = '', ...rest] = part.split('=');
    const key = decoded(name, '', findings);
    return [key, decoded(rest.join('='), pointerOf('', escapePointer(key)), findings)];
  });
}

function decoded(part: string, pointer: string, findings: Findings): string {
  const plain = part
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const bytes = Buffer.from(plain, 'latin1');
  const text = utf8(bytes);
  if (text !== undefined) return text;
  const detail = 'Not UTF-8: read as windows-1252.';
  findings.add({ at: pointer, code: 'not_utf8', detail });
  return new TextDecoder('windows-1252').decode(bytes);
}

/** Files, small as they are here, are kept in base64. */
async function partsOf({ bytes, contentType }: Sent, findings: Findings): Promise<Pairs> {
  const form = await readable({ bytes, contentType })
    .formData()
    .catch(() => {
      throw new Problem(400, 'The body is not the form that its content type says.');
    });
  return Promise.all(
    [...form].map(async ([name, value]) => {
      if (typeof value === 'string') return [name, value] as const;
      const base64 = Buffer.from(await value.arrayBuffer()).toString('base64');
      const file = storable(value.name, '', findings);
      const type = storable(value.type, '', findings);
      return [name, { file, type, base64 }] as const;
    }),
  );
}

/**
 * The form as Node reads it: it refuses a boundary of fewer than 27 characters, of dashes alone, or
 * with what RFC 2046 allows beyond these. Such a one is written anew.
 */
function readable({ bytes, contentType }: Sent): Response {
  const [, quoted, plain] =
    /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? '';
  if (boundary === '' || /^(?=.*[A-Za-z0-9])[-_'A-Za-z0-9]{27,70}$/.test(boundary)) {
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } });
  }
  const longer = randomUUID();
  const lines = `\r\n${bytes.toString('latin1')}`.split(`\r\n--${boundary}`);
  const written = Buffer.from(lines.join(`\r\n--${longer}`).slice(2), 'latin1');
  const headers = { 'content-type': `multipart/form-data; boundary=${longer}` };
  return new Response(new Uint8Array(written), { headers });
}

/** A field that is sent several times, as boxes to tick are, is a list. */
function formOf(pairs: Pairs, findings: Findings): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  const several = new Set<string>();
  for (const [given, value] of pairs) {
    const name = storable(given, '', findings);
    const at = pointerOf('', escapePointer(name));
    const kept = typeof value === 'string' ? storable(value, at, findings) : value;
    if (!(name in fields)) fields[name] = kept;
    else if (several.has(name)) (fields[name] as unknown[]).push(kept);
    else {
      fields[name] = [fields[name], kept];
      several.add(name);
    }
  }
  return fields;
}
