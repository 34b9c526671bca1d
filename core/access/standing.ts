import standingSql from '../../sql/access/standing.sql' with { type: 'text' };
import { kept } from './kept.ts';

/** What the authorizer has to know of the database. */
export interface Standing {
  /** Ids of keys, and from when on each is revoked, in milliseconds. */
  readonly revoked: ReadonlyMap<string, number>;
  /** Ids of active agents by the subject of the person each is. */
  readonly agents: ReadonlyMap<string, string>;
}

/** A key that is revoked, or an agent who is a person. */
interface Row {
  readonly id: string;
  readonly revoked_at: string | null;
  readonly subject: string | null;
}

/**
 * Whether a key is revoked, as far as is known, at a moment in milliseconds. Asked last: it may
 * cost a call.
 */
export async function isRevoked(keyId: string, at = Date.now()): Promise<boolean> {
  const revokedAt = (await standing())?.revoked.get(keyId);
  return revokedAt !== undefined && revokedAt <= at;
}

/**
 * Who may not come in any more, and who is which agent: at most a minute old while the database
 * answers; undefined where it has not answered this process yet. Costs a call of at most a second.
 */
export const standing = kept<Standing>({
  name: 'standing',
  freshMs: 60_000,
  againMs: 10_000,
  async read() {
    // Loaded here alone: whom no signature lets in never waits for it.
    const { query } = await import('../database/client.ts');
    const rows = await query<Row>(standingSql, {}, 'authorizer');
    const revoked = rows.filter((row) => row.subject === null);
    const agents = rows.filter((row) => row.subject !== null);
    return {
      revoked: new Map(revoked.map((row) => [row.id, Date.parse(String(row.revoked_at))])),
      agents: new Map(agents.map((row) => [String(row.subject), row.id])),
    };
  },
});
