import { addKey, listKeys, revokeKey, rotateKey } from '../core/access/manage-keys.ts';
import { httpHandler } from '../core/http/stack.ts';

/** Keys of machines, for admins. */
export const handler = httpHandler<'keys'>({
  'GET /v1/keys': listKeys,
  'POST /v1/keys': addKey,
  'POST /v1/keys/{id}/revoke': revokeKey,
  'POST /v1/keys/{id}/rotate': rotateKey,
});
