import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request: an answer, or `cut` to drop the connection. */
export type Step =
  | 'cut'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

/** A server that answers one request after the other as it was told, the last step for ever. */
export async function startScriptedServer(steps: readonly [Step, ...Step[]]) {
  const requests: { method: string; path: string; authorization: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, authorization: headers.authorization ?? '', body });
    const step = steps[Math.min(requests.length, steps.length) - 1];
    if (step === 'cut' || step === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(step.status, { 'content-type': 'application/json', ...step.headers });
    response.end(JSON.stringify(step.body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
