import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Secrets Manager with a secret, or some more, for the real SDK client to ask. */
export async function startSecretsManager(
  given: { arn: string; text: string },
  more: Readonly<Record<string, string>> = {},
) {
  const secret = { ...given };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { SecretId, SecretString } = JSON.parse(Buffer.concat(chunks).toString());
    const call = request.headers['x-amz-target'];
    const puts = call === 'secretsmanager.PutSecretValue';
    const gets = call === 'secretsmanager.GetSecretValue';
    if (puts && SecretId === secret.arn) secret.text = SecretString;
    const text = { ...more, [secret.arn]: secret.text }[SecretId];
    const known = (puts || gets) && text !== undefined;
    response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    const refusal = { __type: 'ResourceNotFoundException', message: 'no such secret' };
    response.end(JSON.stringify(known ? { ARN: SecretId, SecretString: text } : refusal));
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  return {
    secret,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
