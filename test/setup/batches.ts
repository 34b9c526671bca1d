import { expect } from 'vitest';
import type { startTestMachine } from './machine.ts';

/** What a batch's answer says of an item. */
export interface Result {
  index: number;
  status: number;
  id: string | null;
  problem?: { detail: string; errors?: { pointer: string; code: string }[] };
}

/** Sends batches, and counts what is stored. */
export function batchesTo(api: Awaited<ReturnType<typeof startTestMachine>>) {
  const request = (path: string, items: unknown, key = api.key) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    return api.send('POST', path, { headers, body: JSON.stringify({ items }) });
  };
  return {
    request,
    /** The results of a batch that was taken, one for each item in their order. */
    async send(path: string, items: unknown[], key = api.key): Promise<Result[]> {
      const answer = await request(path, items, key);
      expect(answer.status, answer.text).toBe(200);
      const results: Result[] = answer.body.results;
      expect(results.map(({ index }) => index)).toEqual(items.map((_, index) => index));
      return results;
    },
    async count(table: 'leads' | 'lead_events'): Promise<number> {
      const [row] = await api.sql<{ count: string }>(`select count(*) from ${table}`);
      return Number(row?.count);
    },
  };
}

/** The status of each result. */
export const statuses = (results: readonly Result[]) => results.map(({ status }) => status);

/** Where in its item each refused one is wrong. */
export const pointers = (results: readonly Result[]) =>
  results.map((result) => result.problem?.errors?.[0]?.pointer);
