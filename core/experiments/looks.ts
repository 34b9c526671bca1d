import { nextLevel } from '../statistics/alpha-spending.ts';
import type { Facts, Plan } from './facts.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A look of the plan: with it so many are behind it; what of the target was there. */
export interface Look {
  readonly planned: number;
  readonly information: number;
  readonly isFinal: boolean;
}

/**
 * The look that is due: as many of the plan as the people whose time is up have reached, not before
 * the shortest duration; at the longest one the last, whatever is there.
 */
export function dueLook(facts: Facts, plan: Plan): Look | null {
  const days = daysOf(facts);
  const information = informationOf(facts, plan);
  const taken = facts.looks.at(-1)?.planned ?? 0;
  const isOver = days >= plan.max_duration_days;
  const isThere = information > 0;
  const reached = plan.looks.filter((share) => isThere && information >= share - 1e-9).length;
  const planned = isOver ? plan.looks.length : reached;
  if (planned <= taken || (days < plan.min_duration_days && !isOver)) return null;
  return { planned, information, isFinal: planned === plan.looks.length };
}

/** The level of the look that is taken, or of the next one as it is planned. */
export function levelOf({ looks, ...facts }: Facts, plan: Plan, look: Look | null): number {
  const past = looks.map(({ information, p_allowed }) => ({ information, level: p_allowed }));
  const last = past.at(-1);
  if (last && (looks.at(-1)?.planned ?? 0) >= plan.looks.length) return last.level;
  const share = plan.looks[looks.at(-1)?.planned ?? 0] ?? 1;
  const now = informationOf({ looks, ...facts }, plan);
  const information = look ? look.information : Math.max(share, now);
  const final = look ? look.isFinal : information >= 1;
  if (information <= (last?.information ?? 0)) {
    // Nobody came since. The last look spends all that is left: the same people at a higher level,
    // of which what was told before is a part.
    if (!last || !look?.isFinal) return last?.level ?? 0;
    const next = { information: last.information, final };
    return nextLevel({ alpha: plan.alpha, target: 1, past: past.slice(0, -1), next }).level;
  }
  return nextLevel({ alpha: plan.alpha, target: 1, past, next: { information, final } }).level;
}

/** The share of the target whose time is up. */
function informationOf({ metrics: [primary] }: Facts, plan: Plan): number {
  return (primary.control.n + primary.treatment.n) / plan.target_sample_size;
}

/** How long it has run. */
export function daysOf({ as_of, started_at }: Facts): number {
  return (Date.parse(as_of) - Date.parse(started_at)) / dayMs;
}
