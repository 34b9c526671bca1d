import { authorize } from '../core/access/authorize.ts';
import { metered } from '../core/metrics.ts';

/** Who is calling, and may they call this route? */
export const handler = metered(authorize);
