import * as z from 'zod/mini';
import { day, id, moment, shortText } from '../http/fields.ts';
import { normaliseSource } from '../leads/fields.ts';
import type { CommonParameter, Report } from './report.ts';

/** The parameters reports and the list of leads share, each in its form. */
export const windowParameters = {
  from: day,
  to: day,
  basis: z.enum(['created', 'converted']),
  source: z.pipe(shortText(100), z.transform(normaliseSource)),
  agent_id: z.union([z.literal('none'), id]),
  quality_score: z.enum(['A', 'B', 'C', 'D', 'none']),
  utm_campaign: shortText(200),
  as_of: moment,
  compare: z.enum(['previous']),
} satisfies Record<CommonParameter, z.ZodMiniType>;

const made = new Map<Report, ReturnType<typeof makeSchema>>();

/** A report's parameters as a schema: unknown ones are refused, as is `from` on or after `to`. */
export function parametersSchema(report: Report) {
  const schema = made.get(report) ?? makeSchema(report);
  made.set(report, schema);
  return schema;
}

function makeSchema({ takes, choices }: Report) {
  const shape: Record<string, z.ZodMiniType> = {
    format: z.optional(z.enum(['json', 'csv'])),
  };
  for (const name of takes) shape[name] = z.optional(windowParameters[name]);
  for (const [name, values] of Object.entries(choices)) {
    shape[name] = z._default(z.enum(values as [string]), values[0]);
  }
  return z.strictObject(shape).check(...windowChecks);
}

type Window = { from?: unknown; to?: unknown };

/** `from` before `to`, and at most 5 years between them. */
export const windowChecks = [
  z.refine<Window>(({ from, to }) => !from || !to || String(from) < String(to), {
    path: ['to'],
    message: 'must be after "from": it is the first day that no longer counts',
  }),
  z.refine<Window>(({ from, to }) => !from || !to || !tooLong(String(from), String(to)), {
    path: ['to'],
    message: 'may be at most 5 years after "from"',
  }),
] as const;

function tooLong(from: string, to: string): boolean {
  const limit = new Date(`${from}T00:00:00Z`);
  limit.setUTCFullYear(limit.getUTCFullYear() + 5);
  return new Date(`${to}T00:00:00Z`) > limit;
}
