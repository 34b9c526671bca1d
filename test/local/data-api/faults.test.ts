import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DataApiFault } from '../../../local/data-api/faults.ts';
import type { DataApi } from '../../../local/data-api/server.ts';
import { writeFaults } from '../../../local/faults.ts';
import { type Endpoint, failure, localOnly, onAws, openEndpoint, target } from './endpoint.ts';

describe.skipIf(onAws)(`faults of the local endpoint (${localOnly})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadpulse-faults-'));
  const faultsFile = join(folder, 'faults.json');
  let endpoint: Endpoint;
  let api: DataApi;
  beforeAll(async () => {
    endpoint = await openEndpoint({ faultsFile });
    if (!endpoint.api) throw new Error('There is no local endpoint');
    api = endpoint.api;
    await endpoint.run('create table marks (mark text)');
  });
  afterEach(() => api.faults.plan({ shares: {} }));
  afterAll(async () => {
    await endpoint.close();
    rmSync(folder, { recursive: true });
  });

  const mark = (text: string) => endpoint.run(`insert into marks values ('${text}')`);
  const marks = async (text: string) => {
    const { records } = await endpoint.run(`select count(*) from marks where mark = '${text}'`);
    return records?.[0]?.[0]?.longValue;
  };

  // The SDK tries three times what it takes for passing; the faults here outlast it.
  it.each<[DataApiFault, string, number, number]>([
    ['resuming', 'DatabaseResumingException', 400, 1],
    ['throttling', 'ThrottlingException', 400, 3],
    ['unavailable', 'ServiceUnavailableError', 503, 3],
    ['internal', 'InternalServerErrorException', 500, 3],
    ['secret', 'InvalidSecretException', 400, 1],
  ])('%s: the client hears %s (%i) after %i tries', async (fault, name, status, attempts) => {
    api.faults.plan({ shares: { [fault]: 1 }, calls: attempts });
    expect(await failure(mark(fault))).toMatchObject({
      name,
      $metadata: { httpStatusCode: status, attempts },
    });
    expect(await marks(fault)).toBe(0);
  });

  it('reset: the connection is dropped before anything has run', async () => {
    api.faults.plan({ shares: { reset: 1 }, calls: 3 });
    expect(await failure(mark('reset'))).toMatchObject({ code: 'ECONNRESET' });
    expect(await marks('reset')).toBe(0);
  });

  it('cut: the connection is dropped and what ran stays; the client writes again', async () => {
    api.faults.plan({ shares: { cut: 1 }, calls: 1 });
    await mark('cut');
    expect(await marks('cut')).toBe(2);
  });

  it('slow: a call runs that nobody waits for any more', async () => {
    api.faults.plan({ shares: { slow: 1 }, slowMs: 300, calls: 1 });
    const request = {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256' },
      body: JSON.stringify({ ...target, sql: `insert into marks values ('slow')` }),
      signal: AbortSignal.timeout(100),
    };
    const left = fetch(`${api.url}/Execute`, request);
    await expect(left).rejects.toThrow('aborted due to timeout');
    await expect.poll(() => marks('slow')).toBe(1);
  });

  it('does what the file says that another process has written', async () => {
    writeFaults(faultsFile, { data_api: { shares: { resuming: 1 }, calls: 1 } });
    expect((await failure(endpoint.run('select 1'))).name).toBe('DatabaseResumingException');
    await endpoint.run('select 1');
  });
});
