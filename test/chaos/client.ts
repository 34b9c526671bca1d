import { setTimeout as pause } from 'node:timers/promises';
import { type Random, randomFrom } from '../../demo/random.ts';
import type { Ledger } from './ledger.ts';

/** What a client met. Offers are counted once, however often they were sent. */
export interface Tally {
  offered: number;
  acknowledged: number;
  /** Of the acknowledged, those that were told 202: taken into the queue. */
  queued: number;
  /** Answers of 503 that say when to come again. */
  refused: number;
  /** Sent, and the connection broke: the client cannot know. */
  unanswered: number;
  /** Offered, and never acknowledged until the client gave up. */
  givenUp: number;
  /** Anything else, which nobody should hear while things fail: status and text, the first 20. */
  wrong: string[];
}

/** Something to be sent until it is acknowledged. */
export interface Offer {
  readonly name: string;
  readonly kind: 'lead' | 'event';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: object;
}

interface ClientOptions {
  readonly url: string;
  readonly key: string;
  readonly ledger: Ledger;
  readonly seed: number;
  /** Leads a second, whatever the answers: as people come. */
  readonly perSecond: number;
  readonly limits?: {
    /** Requests under way at a time; beyond, leads wait for their turn. */
    readonly underway?: number;
    /** Tries of one offer, about a second apart. */
    readonly tries?: number;
  };
}

/**
 * Posts leads, and events of those that are stored, until it is stopped: then it goes on with what
 * it has offered until each is acknowledged or its tries are used up.
 */
export function startClient(options: ClientOptions) {
  const { perSecond, seed, limits = {} } = options;
  const { underway = 200 } = limits;
  const random = randomFrom(seed);
  const tally: Tally = emptyTally();
  const running = new Set<Promise<void>>();
  let stopped = false;

  const begin = (offer: Offer) => {
    tally.offered += 1;
    const sent: Promise<void> = send(offer, { ...options, random, tally }).then((id) => {
      running.delete(sent);
      if (id && offer.kind === 'lead' && random.chance(0.2)) begin(eventOf(id, offer.name));
    });
    running.add(sent);
  };

  const posting = (async () => {
    const start = performance.now();
    for (let count = 0; !stopped; count++) {
      const due = start + (count * 1000) / perSecond;
      await pause(Math.max(0, due - performance.now()));
      while (running.size >= underway && !stopped) await Promise.race(running);
      if (!stopped) begin(leadOf(`${seed}-${count}`, random));
    }
  })();

  return {
    tally,
    async stop(): Promise<Tally> {
      stopped = true;
      await posting;
      while (running.size > 0) await Promise.all(running);
      return tally;
    },
  };
}

/** Nothing met yet. */
export function emptyTally(): Tally {
  return {
    offered: 0,
    acknowledged: 0,
    queued: 0,
    refused: 0,
    unanswered: 0,
    givenUp: 0,
    wrong: [],
  };
}

/** Half of the leads have an id of their own system, the others only the request's key. */
export function leadOf(name: string, random: Random): Offer {
  const own = random.chance(0.5);
  return {
    name,
    kind: 'lead',
    path: '/v1/leads',
    headers: own ? {} : { 'idempotency-key': `chaos-${name}` },
    body: {
      source: random.pick(['zillow', 'open-house', 'webform']),
      ...(own && { external_id: `chaos-${name}` }),
      first_name: 'Ada',
      raw_data: { offer: name },
    },
  };
}

function eventOf(leadId: string, name: string): Offer {
  return {
    name: `${name}-contacted`,
    kind: 'event',
    path: `/v1/leads/${leadId}/events`,
    headers: { 'idempotency-key': `chaos-${name}-contacted` },
    body: {
      event_type: 'contacted',
      event_source: 'agent',
      details: { offer: `${name}-contacted` },
    },
  };
}

/** With what an offer is sent, and who counts what became of it. */
export type Sending = Pick<ClientOptions, 'url' | 'key' | 'ledger' | 'limits'> & {
  readonly random: Random;
  readonly tally: Tally;
};

/** Sends until it is acknowledged; the id, where the answer said that it is stored. */
export async function send(offer: Offer, options: Sending): Promise<string | undefined> {
  const { tally, ledger, random, limits = {} } = options;
  for (let tries = 0; tries < (limits.tries ?? 120); tries++) {
    const answer = await post(offer, options);
    if (answer.status >= 200 && answer.status < 300) {
      await ledger.add({
        offer: offer.name,
        kind: offer.kind,
        status: answer.status,
        id: answer.id,
      });
      tally.acknowledged += 1;
      if (answer.status === 202) tally.queued += 1;
      return answer.status === 202 ? undefined : answer.id;
    }
    if (answer.status === 0) tally.unanswered += 1;
    else if (answer.status === 503 && answer.retryAfter) tally.refused += 1;
    else {
      if (tally.wrong.length < 20) tally.wrong.push(`${answer.status} ${answer.text}`);
      break;
    }
    await pause(500 + random.next() * 1000);
  }
  tally.givenUp += 1;
  return undefined;
}

/** Status 0: no answer. */
async function post(offer: Offer, { url, key }: Pick<ClientOptions, 'url' | 'key'>) {
  const nothing = { status: 0, id: '', text: '', retryAfter: null };
  try {
    const response = await fetch(url + offer.path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...offer.headers,
      },
      body: JSON.stringify(offer.body),
      // What a client of an API behind API Gateway waits, which gives up at 30 s itself.
      signal: AbortSignal.timeout(35_000),
    });
    const text = await response.text();
    const id = response.ok ? (JSON.parse(text) as { id: string }).id : '';
    return { status: response.status, id, text, retryAfter: response.headers.get('retry-after') };
  } catch {
    return nothing;
  }
}
