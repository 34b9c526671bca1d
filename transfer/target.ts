import type { Scope } from '../core/catalogue/routes.ts';
import { createLocalKey, keySecretFile } from '../local/key-secret.ts';
import { whereItRuns } from '../local/running.ts';
import { ask, type Request, refusalOf } from './api.ts';
import type { Kind } from './kinds.ts';

/** The leadpulse that rows go to or come from. */
export interface Target {
  readonly url: string;
  readonly key: string;
  /** Stops what was started for this command alone. */
  close(): Promise<void>;
}

const everything: Scope[] = ['reports:read', 'leads:write', 'events:write', 'admin'];

/**
 * The leadpulse at an address, else the one `npm start` runs here, else one of this process on the
 * same data, for as long as the command runs. Throws a sentence.
 */
export async function openTarget(given: {
  url: string | undefined;
  key: string | undefined;
}): Promise<Target> {
  const { url, key } = given;
  if (url !== undefined) return deployed(url, key || process.env.LEADPULSE_KEY);
  if (key !== undefined) throw new Error('--key goes with --url: say where that leadpulse is.');
  const running = await whereItRuns();
  if (running) return { url: running.url, key: await ownKey(), close: async () => undefined };
  // Loaded only here: with it come all that AWS and PostgreSQL need.
  const { openMachine } = await import('../local/open-machine.ts');
  const machine = await openMachine({ port: 0, log: (sentence) => console.error(sentence) });
  return { url: machine.url, key: await ownKey(), close: machine.close };
}

function ownKey(): Promise<string> {
  return createLocalKey(keySecretFile, { scopes: everything });
}

function deployed(url: string, key: string | undefined): Target {
  if (!/^https?:\/\/[^/]/.test(url)) throw new Error(`"${url}" is not an address: https://….`);
  if (!key) throw new Error('--url needs a key: --key lp_…, or LEADPULSE_KEY in the environment.');
  return { url: url.replace(/\/+$/, ''), key, close: async () => undefined };
}

/**
 * The workspace's zone; undefined where the key may write rows of this kind and not read it. Throws
 * a sentence, above all for a key that may do neither.
 */
export async function timezoneOf(
  target: Target,
  kind: Kind,
  signal: AbortSignal,
): Promise<string | undefined> {
  const request = { method: 'GET', path: '/v1/workspace', signal, first: true } as const;
  const answer = await ask(target, request);
  if (answer.status === 403) {
    await expectWritingKey(target, kind, signal);
    return undefined;
  }
  if (answer.status !== 200) throw new Error(refusalOf(target, request, answer));
  const { timezone } = (answer.body ?? {}) as { timezone?: unknown };
  if (typeof timezone === 'string') return timezone;
  throw new Error(`${target.url} does not answer as leadpulse does.`);
}

/** The gateway answers 403 to a key that may not read as to one that is none: nothing is asked. */
async function expectWritingKey(target: Target, kind: Kind, signal: AbortSignal): Promise<void> {
  const { method, path } = kind;
  const request: Request = { method, path, body: '{"items":[]}', signal };
  const answer = await ask(target, request);
  if (answer.status === 403) throw new Error(refusalOf(target, request, answer));
}
