import * as z from 'zod/mini';
import { incidentForm } from './incident-form.ts';
import { said } from './message.ts';

const when = z.iso.datetime({ precision: 6 });
const maybe = <T extends z.ZodMiniType>(type: T, description: string) =>
  said(z.nullable(type), description);

/** Leads that came in on the day, and those whose time was up on it, as of `scheduled_at`. */
const figures = z.strictObject({
  leads: said(z.int(), 'That came in'),
  contacted_leads: said(z.int(), 'Those of them that were reached'),
  contact_rate: maybe(z.number(), 'In percent; null: no leads'),
  median_all_minutes: maybe(z.number(), 'Half were reached within; null: not half yet'),
  p90_all_minutes: maybe(z.number(), 'Nine in ten were; null: not so many yet'),
  due_leads: said(z.int(), 'Whose time was up on the day'),
  met_leads: said(z.int(), 'Those of them answered in time'),
  late_leads: said(z.int(), 'Those answered later'),
  breached_leads: said(z.int(), 'Those not answered yet'),
  attainment: maybe(z.number(), 'Answered in time, in percent; null: none was due'),
});

/** The same weekdays of the four weeks before, each as it stood at the same age. */
const usual = z.strictObject({
  days: said(z.int(), 'How many of them there were: 2 to 4'),
  leads: said(z.number(), 'A day'),
  contact_rate: z.nullable(z.number()),
  median_all_minutes: z.nullable(z.number()),
  p90_all_minutes: z.nullable(z.number()),
  attainment: z.nullable(z.number()),
});

const waiting = {
  leads: said(z.int(), 'Who waits for an answer'),
  overdue_leads: said(z.int(), 'Those of them whose time is up'),
};

const rescue = z.strictObject({
  lead_id: z.uuid(),
  source: z.string(),
  quality_score: z.nullable(z.string()),
  agent_id: z.nullable(z.uuid()),
  estimated_value: z.nullable(z.number()),
  waited_minutes: z.number(),
  sla_state: said(z.nullable(z.string()), 'breached: its time is up; pending; null: it has none'),
  sla_due_at: z.nullable(when),
});

/** The digest as it is stored and as machines get it. Counts, times and ids, nobody's name. */
export const digestMessage = z.strictObject({
  version: said(z.literal(1), 'Of this form: grows when a field changes its meaning or goes'),
  id: said(z.string(), 'Of the day it goes out. It may come twice, always under the same id'),
  transition: said(z.literal('digest'), 'What tells it from an alert'),
  day: said(z.iso.date(), 'The day that figures are of: the one before'),
  scheduled_at: said(z.iso.datetime({ precision: 6 }), 'As of when all of it is'),
  timezone: said(z.string(), "The workspace's IANA zone"),
  currency: said(z.string(), "The workspace's ISO 4217 currency"),
  figures,
  usual: maybe(usual, 'Null: too little to compare'),
  waiting: z.strictObject({ ...waiting, longest_minutes: z.nullable(z.number()) }),
  waiting_by_agent: said(
    z.array(
      z.strictObject({
        agent_id: said(z.nullable(z.uuid()), "Null: nobody's leads"),
        ...waiting,
        longest_minutes: z.number(),
      }),
    ),
    'At most 10, first who has most that are overdue',
  ),
  rescue: said(z.array(rescue), 'At most 5, as the report waiting-leads has them'),
  open_incidents: z.int(),
  acknowledged_incidents: said(z.int(), 'Those of them that somebody has in hand'),
  incidents: said(z.array(incidentForm), 'At most 10 of them, first what nobody has in hand'),
});

/** A digest, version 1. */
export type DigestMessage = z.infer<typeof digestMessage>;
