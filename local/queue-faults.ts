import { setTimeout as pause } from 'node:timers/promises';
import type { buildApp } from 'fauxqs';
import { openFaults } from './faults.ts';

/**
 * What can go wrong with a call of SQS.
 * - `unavailable`: 503, and nothing has happened.
 * - `reset`: the connection is dropped before anything has happened.
 * - `cut`: the connection is dropped once the call is done.
 * - `slow`: held, then done, even where the client has left meanwhile.
 */
export const queueFaults = ['unavailable', 'reset', 'cut', 'slow'] as const;

/**
 * What can happen to a message on its way out: handed out to another one as well, so that it
 * comes `twice` whatever the first one does with it, or `later`, after younger ones.
 */
export const messageFaults = ['twice', 'later'] as const;

/** What of fastify is needed: fauxqs brings it, leadpulse does not know it. */
interface Request {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly raw: { readonly socket: { readonly destroyed: boolean; destroy(): void } };
}
interface Reply {
  hijack(): Reply;
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): Reply;
}
interface Delivery {
  readonly ReceiptHandle: string;
}
type App = ReturnType<typeof buildApp>;

// Only what moves messages: a queue is made once, at deployment, and at each start here.
const moving = /^AmazonSQS\.(Send|Receive|Delete|Change)Message/;
const inside = 'x-leadpulse-inside';

/**
 * Has calls of SQS fail as `queue` and messages go astray as `messages` plan it in the file. What
 * was handed to a client that has left is given back: SQS notices that, fauxqs does not, and would
 * keep it for the whole visibility timeout.
 */
export function addQueueFaults(app: App, file: string | undefined): void {
  const calls = openFaults({ kinds: queueFaults, name: 'queue', file });
  const deliveries = openFaults({ kinds: messageFaults, name: 'messages', file });
  const toBeCut = new WeakSet<Request>();

  app.addHook('preHandler', async (request: Request, reply: Reply) => {
    if (!isMoving(request)) return undefined;
    const fault = calls.next();
    if (fault === 'unavailable') return refuse(reply);
    if (fault === 'slow') await pause(calls.slowMs());
    if (fault === 'cut') toBeCut.add(request);
    if (fault !== 'reset') return undefined;
    request.raw.socket.destroy();
    return reply.hijack();
  });

  app.addHook('onSend', async (request: Request, _reply: Reply, payload: unknown) => {
    if (toBeCut.has(request)) request.raw.socket.destroy();
    if (targetOf(request) !== 'AmazonSQS.ReceiveMessage') return payload;
    const answer = JSON.parse(String(payload)) as { Messages?: Delivery[] };
    const { QueueUrl } = request.body as { QueueUrl: string };
    const kept: Delivery[] = [];
    for (const delivery of answer.Messages ?? []) {
      const fault = deliveries.next();
      if (fault !== 'later') kept.push(delivery);
      const seconds = fault === 'later' ? 1 : 0;
      if (!fault && !request.raw.socket.destroyed) continue;
      await giveBack(app, { QueueUrl, seconds, ReceiptHandle: delivery.ReceiptHandle });
    }
    return JSON.stringify({ ...answer, ...(answer.Messages && { Messages: kept }) });
  });
}

function targetOf({ headers }: Request): string {
  return String(headers['x-amz-target'] ?? '');
}

function isMoving(request: Request): boolean {
  return moving.test(targetOf(request)) && !(inside in request.headers);
}

function refuse(reply: Reply): Reply {
  const body = { __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'Come again' };
  return reply
    .code(503)
    .header('content-type', 'application/x-amz-json-1.0')
    .header('x-amzn-query-error', 'ServiceUnavailable;Receiver')
    .send(JSON.stringify(body));
}

async function giveBack(
  app: App,
  { seconds, ...delivery }: Delivery & { QueueUrl: string; seconds: number },
): Promise<void> {
  await app.inject({
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
      [inside]: 'yes',
    },
    payload: JSON.stringify({ ...delivery, VisibilityTimeout: seconds }),
  });
}
