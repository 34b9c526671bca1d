import { type Constraint, faultOf } from '../http/database-problems.ts';
import { problemAt } from '../http/problem.ts';
import { jsonBytes, storedBytes } from '../http/stored-size.ts';
import { lead } from './answers.ts';

/** What intake makes of a lead, as far as it can be too large or too late. */
interface TakenLead {
  readonly id: string;
  readonly created_at?: string | undefined;
  readonly duplicate_of?: string | null | undefined;
  readonly [column: string]: unknown;
}

/** Throws the Problem that SQL would answer with, so that no lead waits in vain in a queue. */
export function refuseImpossibleLead(item: TakenLead, now: string): void {
  refuse([
    isInFuture(item.created_at, now) && 'leads_not_in_the_future',
    item.duplicate_of === item.id && 'leads_duplicate_of_another',
    leadBytes(item) - storedBytes(item.qualification_reason ?? null) > 52 * 1024 && 'leads_size',
  ]);
}

/** Throws the Problem that SQL would answer with to an event of a time to come. */
export function refuseFutureEvent(item: { created_at?: string | undefined }, now: string): void {
  refuse([isInFuture(item.created_at, now) && 'lead_events_not_in_the_future']);
}

function refuse(broken: readonly (Constraint | false)[]): void {
  const faults = broken.filter((constraint) => constraint !== false).map(faultOf);
  if (faults.length > 0) throw problemAt(422, faults);
}

/** More than 5 minutes after `now`: a Date knows the milliseconds, PostgreSQL microseconds. */
function isInFuture(moment: string | undefined, now: string): boolean {
  if (moment === undefined) return false;
  const late = Date.parse(moment) - Date.parse(now) - 5 * 60_000;
  return late > 0 || (late === 0 && /\.\d{3}\d*[1-9]/.test(moment));
}

/** As how many bytes the API shows a lead that just came in, what is `uncounted` left out. */
export function leadBytes(item: TakenLead): number {
  const names = Object.keys(lead.shape);
  return names.reduce((sum, name) => sum + jsonBytes(name) + 2 + columnBytes(name, item), 1);
}

const times = new Set(['created_at', 'recorded_at', 'updated_at']);
const assignment = new Set(['assigned_agent_id', 'assigned_at', 'first_assigned_at']);
const amounts = new Set(['estimated_value', 'mortgage_balance']);
const timeBytes = jsonBytes('2026-11-22T10:00:00.123456Z');
/** Known to the database alone, and not counted: `fitting` of SQL. */
const uncounted = new Set(['sla_policy_id', 'sla_due_at', 'sla_state', 'experiments']);

function columnBytes(name: string, item: TakenLead): number {
  if (times.has(name)) return timeBytes;
  if (assignment.has(name)) {
    if ((item.agent_id ?? item.agent_external_id ?? null) === null) return jsonBytes(null);
    return name === 'assigned_agent_id' ? jsonBytes(item.id) : timeBytes;
  }
  if (uncounted.has(name)) return 0;
  if (name === 'current_stage') return jsonBytes('new');
  if (name === 'converted') return jsonBytes(false);
  const value = item[name] ?? (name === 'is_test' ? false : null);
  if (value !== null && amounts.has(name)) return jsonBytes(Number(value).toFixed(2));
  return storedBytes(value);
}
