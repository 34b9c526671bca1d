import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Outcome, type Parcel, sendAll } from '../../transfer/batches.ts';
import { kindNamed } from '../../transfer/kinds.ts';

/** A request that waits for its answer. */
interface Waiting {
  items: { n: number }[];
  answer(status?: number): void;
}

let waiting: Waiting[];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { items } = JSON.parse(Buffer.concat(chunks).toString());
  waiting.push({ items, answer: (status = 200) => answer(response, items, status) });
  server.emit('waiting');
});
beforeEach(async () => {
  waiting = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function answer(response: ServerResponse, items: unknown[], status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ results: items.map((_, index) => ({ index, status: 201 })) }));
}

async function requests(count: number): Promise<void> {
  while (waiting.length < count) await once(server, 'waiting');
}

/** The request whose first item is this one. */
const from = (n: number) => waiting.find(({ items }) => items[0]?.n === n);

/** Sends numbers in their order, each under the name it is given. */
function send(count: number, nameOf: (n: number) => string, more: Partial<Parcel<number>> = {}) {
  const settled: [number, Outcome][] = [];
  async function* parcels(): AsyncGenerator<Parcel<number>> {
    for (let n = 0; n < count; n++) {
      yield { of: n, json: JSON.stringify({ n }), names: [nameOf(n)], weight: 1, ...more };
    }
  }
  const done = sendAll(parcels(), {
    address: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'lp_x' },
    kind: kindNamed('leads'),
    dryRun: false,
    signal: new AbortController().signal,
    onWait: () => undefined,
    async settle(batch) {
      settled.push(...batch.map(([{ of }, outcome]) => [of, outcome] as [number, Outcome]));
    },
  });
  done.catch(() => undefined);
  return { done, settled };
}

describe('batches', () => {
  test('go two at a time, and settle in their order however they are answered', async () => {
    const { done, settled } = send(3000, String);
    await requests(2);
    from(1000)?.answer();
    from(0)?.answer();
    await requests(3);
    from(2000)?.answer();
    await done;
    expect(waiting.map(({ items }) => items.length)).toEqual([1000, 1000, 1000]);
    expect(settled).toEqual(Array.from({ length: 3000 }, (_, n) => [n, 'stored']));
  });

  test('that have a name in common go one after the other', async () => {
    const { done } = send(2000, (n) => String(n % 1999));
    await requests(1);
    // Long enough for a request that is not held back.
    await pause(200);
    expect(waiting).toHaveLength(1);
    from(0)?.answer();
    await requests(2);
    from(1000)?.answer();
    await done;
  });

  test('are no larger than a request may be, whatever the rows', async () => {
    const { done } = send(10, String, { json: JSON.stringify({ text: 'x'.repeat(250_000) }) });
    await requests(2);
    expect(waiting.map(({ items }) => items.length).toSorted()).toEqual([4, 6]);
    for (const { answer } of waiting) answer();
    await done;
    waiting = [];
    const heavy = send(10, String, { weight: 1_000_000 });
    await requests(2);
    expect(waiting.map(({ items }) => items.length)).toEqual([3, 3]);
    for (const { answer } of waiting) answer();
    await requests(4);
    for (const { answer } of waiting.slice(2)) answer();
    await heavy.done;
  });

  test('with a fault, or too large an item, are not sent', async () => {
    const large = send(1, String, { json: JSON.stringify({ text: 'x'.repeat(300_000) }) });
    await large.done;
    expect(large.settled).toEqual([[0, { reason: 'The row is larger than 256 KB.' }]]);
    const { done, settled } = send(2, String, { fault: 'No.' });
    await done;
    expect(settled).toEqual([
      [0, { reason: 'No.' }],
      [1, { reason: 'No.' }],
    ]);
    expect(waiting).toEqual([]);
  });

  test('after one that was refused none is sent, and the other one under way counts', async () => {
    const { done, settled } = send(4000, String);
    await requests(2);
    from(0)?.answer(500);
    from(1000)?.answer();
    await expect(done).rejects.toThrow(/answered 500/);
    expect(settled.map(([n]) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1000));
    expect(waiting).toHaveLength(2);
  });
});
