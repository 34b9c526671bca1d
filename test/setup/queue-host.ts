import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { openQueueStore } from '../../local/queue-store.ts';

const { stores } = await openQueueStore(process.argv[2] ?? '');
const app = buildApp({ logger: false, stores });
await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
