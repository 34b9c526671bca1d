import { v5 } from 'uuid';
import type { boundsOf } from '../access/viewer.ts';
import { settings } from '../settings.ts';
import { normaliseEmail, normalisePhone } from './contact.ts';

/** What of a lead's columns more is made of than they say. */
interface Given {
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly event_source?: string | undefined;
  readonly [column: string]: unknown;
}

/**
 * A lead's columns as `take_leads` takes them, under an id that was chosen before the write, by
 * somebody who knows of leads within these bounds.
 */
export function leadItem(
  given: Given,
  { id, bounds }: { id: string; bounds: ReturnType<typeof boundsOf> },
) {
  return {
    ...given,
    id,
    event_source: given.event_source ?? 'automation',
    email_normalised: normaliseEmail(given.email),
    phone_normalised: normalisePhone(given.phone, settings().DEFAULT_COUNTRY),
    ...bounds,
  };
}

/** The id of what a source knows by this external id. */
export function knownLeadId(source: string, external_id: string): string {
  return v5(JSON.stringify([source, external_id]), leadNamespace);
}

/** Namespace of ids made from (source, external_id). Never changes: replays depend on it. */
const leadNamespace = '5f1c2c1e-6d8e-5a8b-9c55-0b8f6f5b8a11';
