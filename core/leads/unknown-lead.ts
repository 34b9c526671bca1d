import { unknownLeadId } from '../http/database-problems.ts';
import { Problem } from '../http/problem.ts';

/** The answer to an id in a path that no lead has, or no lead yet. */
export function unknownLead(cause?: unknown): Problem {
  return new Problem(404, unknownLeadId, { cause });
}
