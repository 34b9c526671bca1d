import { bucketOf } from './bucket.ts';
import type { Calendar } from './calendar.ts';
import type { LeadItem, SkillItem } from './items.ts';
import { responder } from './sources.ts';
import { cast } from './team.ts';

/** What treated leads get: a text at once, or three questions at once. */
export type Treatment = 'answered' | 'questioned';

/** An experiment of the team, as `POST /v1/experiments` takes it, and what became of it. */
export interface Trial {
  readonly id: string;
  readonly plan: object;
  readonly sources: readonly string[];
  readonly treatment: Treatment;
  /** Milliseconds since 1970: when it starts, and when it is evaluated, each day up to its end. */
  readonly startsAt: number;
  readonly checks: readonly number[];
  /** Infinity while it runs. */
  readonly endsAt: number;
  /** By whom its decision was confirmed, if anybody did. */
  readonly confirmedBy?: string;
}

interface Row extends Pick<Trial, 'id' | 'sources' | 'treatment' | 'confirmedBy'> {
  readonly skill: string;
  readonly startsAgo: number;
  /** It is decided after so many days, or, with too few leads, ended. */
  readonly days: number;
  readonly plan: object;
}

const first = '0193c0de-0001-7000-8000-000000000001';
const rows: readonly Row[] = [
  {
    id: first,
    ...{ sources: responder.sources, treatment: 'answered', skill: 'instant-responder' },
    ...{ startsAgo: 170, days: 14, confirmedBy: cast.fastest },
    plan: {
      name: 'A text at once: facebook and instagram',
      hypothesis: 'Nobody waits for hours, and no fewer reply than to a call.',
      primary_metric: 'time_to_contact',
      guardrails: [{ metric: 'reply_rate' }],
      target_sample_size: 100,
    },
  },
  {
    id: '0193c0de-0002-7000-8000-000000000002',
    ...{ sources: ['zillow'], treatment: 'questioned', skill: 'question-sender' },
    ...{ startsAgo: 80, days: 28 },
    plan: {
      name: 'Three questions first: zillow',
      hypothesis: 'Nobody waits for hours, and whoever calls knows what to offer.',
      primary_metric: 'time_to_contact',
      guardrails: [{ metric: 'reply_rate' }],
      target_sample_size: 200,
    },
  },
  {
    id: '0193c0de-0003-7000-8000-000000000003',
    ...{ sources: ['realtor.com'], treatment: 'answered', skill: 'instant-responder' },
    ...{ startsAgo: 12, days: 28 },
    plan: {
      name: 'A text at once: realtor.com',
      hypothesis: 'Who hears from us within a minute, at night too, replies more often.',
      follows_experiment_id: first,
      primary_metric: 'reply_rate',
      secondary_metrics: ['time_to_contact'],
      ...{ target_sample_size: 400, min_effect: 0.15, baseline_rate: 0.45 },
    },
  },
];

const dayMs = 86_400_000;

/** What the team tries in a year, earliest first. */
export function trialsOf(calendar: Calendar, skills: readonly SkillItem[]): Trial[] {
  return rows.map(({ skill, startsAgo, days, plan, ...row }) => {
    // Nine in the morning; it is evaluated at a quarter past five, as scheduled.
    const startsAt = hourOf(calendar, startsAgo, 9);
    const checks = Array.from(
      { length: startsAgo },
      (_, day) => hourOf(calendar, startsAgo - 1 - day, 5) + 15 * 60_000,
    ).filter((at) => at < calendar.end);
    const endsAt = checks.find((at) => at >= startsAt + days * dayMs) ?? Number.POSITIVE_INFINITY;
    return {
      ...{ ...row, startsAt, endsAt },
      checks: checks.filter((at) => at <= endsAt),
      plan: {
        ...plan,
        skill_id: skills.find(({ name }) => name === skill)?.id,
        segment_filter: { source: row.sources },
        min_duration_days: days,
      },
    };
  });
}

/** In which arm of which trial a lead is; undefined where it is in none. */
export function armOf(trials: readonly Trial[], lead: Omit<LeadItem, 'external_id'>) {
  if (lead.is_test || lead.duplicate_of) return undefined;
  const at = Date.parse(lead.created_at);
  const trial = trials.find(
    ({ sources, startsAt, endsAt }) =>
      sources.includes(lead.source) && startsAt <= at && at < endsAt,
  );
  if (!trial) return undefined;
  const { id, treatment } = trial;
  const unit = lead.phone?.replaceAll(' ', '') ?? lead.email ?? lead.id;
  return { id, ...(bucketOf(`${id}:1`, unit) >= 0.5 && { treatment }) };
}

/** The first hour of a day that is no earlier. */
function hourOf({ hours, ago, end }: Calendar, daysAgo: number, hour: number): number {
  const { date } = ago(daysAgo);
  return hours.find((one) => one.date === date && one.hour >= hour)?.at ?? end;
}
