import { request } from 'node:http';
import type { ApiAnswer, startTestMachine } from './machine.ts';
import { violations } from './openapi.ts';

/** A request as it goes over the wire: nothing in it is put right, as fetch would. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  /** Names and values in turn; a name may come twice. */
  readonly headers?: readonly string[];
}

/** Sends it with the key of the test; the answer is held against the API's description. */
export async function sendRaw(
  api: Awaited<ReturnType<typeof startTestMachine>>,
  { method, path, body, headers = [] }: RawRequest,
): Promise<ApiAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>();
  const given = ['host', new URL(api.url).host, ...headers];
  const names = given.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  if (!names.includes('authorization')) given.push('authorization', `Bearer ${api.key}`);
  if (body !== undefined && !names.includes('transfer-encoding')) {
    given.push('content-length', String(Buffer.byteLength(body)));
  }
  const { hostname, port } = new URL(api.url);
  const sent = request({ hostname, port, method, path, headers: given }, async (response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { statusCode: status = 0, headersDistinct } = response;
    const kept = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const type = response.headers['content-type'] ?? '';
    const json = type.includes('json') && text !== '' ? JSON.parse(text) : undefined;
    resolve({ status, headers: new Headers(kept), body: json, text });
  });
  sent.on('error', reject);
  sent.end(body);
  const answer = await promise;
  const type = answer.headers.get('content-type') ?? '';
  const wrong = violations({ method, path }, { status: answer.status, type, body: answer.body });
  if (wrong.length > 0) throw new Error(`not as described:\n${wrong.join('\n')}\n${answer.text}`);
  return answer;
}
