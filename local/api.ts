import { createLocalKey, keySecretFile } from './key-secret.ts';
import { findRunning } from './running.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a command asks of a leadpulse. Each throws a sentence where it is refused. */
export interface Api {
  post(path: string, body?: Json): Promise<Json>;
  /** The items of a list, page by page. */
  all(path: string): AsyncGenerator<Json>;
}

const timeoutMs = 30_000;

/** The leadpulse at an address, else the one that runs here. Throws a sentence. */
export async function apiAt(given: {
  url?: string | undefined;
  key?: string | undefined;
}): Promise<Api> {
  const { url, key } = await addressOf(given);
  const send = async (method: string, path: string, body?: Json): Promise<Json> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(timeoutMs);
    const text = body && JSON.stringify(body);
    const answer = await fetch(url + path, { method, headers, signal, body: text }).catch(
      ({ cause, name }) => {
        throw new Error(`${url} cannot be reached (${cause?.code ?? name}).`);
      },
    );
    const json = (await answer.json().catch(() => ({}))) as Json;
    if (answer.ok) return json;
    if (answer.status === 401 || answer.status === 403) {
      throw new Error(`${url} refuses this key: it is not one of its own, or lacks "admin".`);
    }
    throw new Error(`${url} answered ${answer.status}: ${json.detail ?? json.message}`);
  };
  return {
    post: (path, body) => send('POST', path, body),
    async *all(path) {
      for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
        const page = await send('GET', `${path}?limit=200${cursor && `&cursor=${cursor}`}`);
        yield* page.items as Json[];
        cursor = page.next_cursor;
      }
    },
  };
}

async function addressOf(given: { url?: string | undefined; key?: string | undefined }) {
  const { url, key = process.env.LEADPULSE_KEY } = given;
  if (url === undefined) {
    const { url: here } = await findRunning();
    return { url: here, key: await createLocalKey(keySecretFile, { scopes: ['admin'] }) };
  }
  if (!/^https?:\/\/[^/]/.test(url)) throw new Error(`"${url}" is not an address: https://….`);
  if (!key) throw new Error('--url needs a key: --key lp_…, or LEADPULSE_KEY in the environment.');
  return { url: url.replace(/\/+$/, ''), key };
}
