import type { startTestMachine } from './machine.ts';

/** A correction as the API lists it. */
export interface Correction {
  id: string;
  kind: string;
  subject_id: string;
  corrected_by: string;
  created_at: string;
  before: Record<string, unknown>;
}

/** What is on record under these filters, newest first. */
export async function corrections(
  api: Awaited<ReturnType<typeof startTestMachine>>,
  filters: string,
): Promise<Correction[]> {
  return (await api.get(`/v1/corrections?limit=100&${filters}`)).body.items;
}

/** The id inside a key, `lp_<payload>_<mac>`. */
export function keyId(key: string): string {
  return JSON.parse(Buffer.from(key.slice(3, -44), 'base64url').toString()).id;
}
