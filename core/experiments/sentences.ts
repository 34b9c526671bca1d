import { detectableEffect, leadsForRates } from '../statistics/power.ts';
import type { Facts, Outcome, Plan } from './facts.ts';
import type { DecisionCode, Judgement } from './judge.ts';
import { metricOf } from './metrics.ts';

const percent = (share: number) => `${Math.round(100 * share)} %`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value)}`;
const points = (share: number) => signed(Math.round(100 * share));
const minutes = (value: number) => signed(Math.round(value));
const probability = (p: number) => (p < 0.0001 ? 'below 0.0001' : p.toPrecision(2));

/** How long a lead is watched: hours up to three days, then days. */
export function windowOf({ window_hours: hours }: Outcome): string {
  return hours % 24 === 0 && hours > 72 ? `${hours / 24} days` : `${hours} h`;
}

/** Why it is decided so, for who leads the team. */
export function reasonOf(facts: Facts, plan: Plan, judgement: Judgement): string {
  const { decision, code } = judgement;
  const sentences = [
    `${decision === null ? '' : `${decision}: `}${headline(facts, plan, judgement)}`,
    because(code, facts, plan, judgement),
    splitOf(facts, judgement),
    guardrailsOf(judgement),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function headline(facts: Facts, plan: Plan, judgement: Judgement): string {
  const [primary] = facts.metrics;
  const { comparison, interval, allowed, look } = judgement;
  const { control, treatment, difference, p } = comparison;
  if (control === null || treatment === null || difference === null) {
    const { treatment, control } = primary;
    return `${treatment.n} treated leads and ${control.n} others have had their time.`;
  }
  const isTime = metricOf(primary.metric).isTime;
  const show = isTime ? minutes : points;
  const unit = isTime ? 'min' : 'points';
  const range = interval
    ? `, ${intervalName(allowed)} interval ${show(interval.lower)} to ${show(interval.upper)}`
    : '';
  const isAllowed = p <= allowed ? 'at most' : 'above';
  const where = look
    ? `allowed at look ${look.planned} of ${plan.looks.length}`
    : 'allowed at the next look';
  return (
    `${countsOf(primary, comparison)} ` +
    `(${show(difference)} ${unit}${range}; p ${probability(p)}, ${isAllowed} the ` +
    `${probability(allowed)} ${where}).`
  );
}

function after(minutes: number | null): string {
  return (minutes ?? 0) < 1 ? 'less than a minute' : `${Math.round(minutes ?? 0)} min`;
}

function harmed({ health }: Judgement): string {
  return health.guardrails
    .filter(({ verdict }) => verdict === 'harm')
    .map(({ metric }) => metric.replaceAll('_', ' '))
    .join(', ');
}

/** An interval at a level of 0.044 is one of 95.6 %. */
function intervalName(level: number): string {
  return `${Number((100 * (1 - level)).toPrecision(3))} %`;
}

function countsOf(
  primary: Outcome,
  { control, treatment, winProbability }: Judgement['comparison'],
) {
  const { happened, isTime } = metricOf(primary.metric);
  const { treatment: treated, control: others } = primary;
  if (isTime) {
    return (
      `${treated.n} treated leads were contacted after ${after(treatment)} on average, ` +
      `${others.n} others after ${after(control)}, each counted for ` +
      `${windowOf(primary)} at most; a treated one was sooner in ` +
      `${percent(winProbability ?? 0.5)} of pairs`
    );
  }
  return (
    `${treated.x} of ${treated.n} treated leads ${happened} within ${windowOf(primary)}, ` +
    `${others.x} of ${others.n} others: ${percent(treatment ?? 0)} against ${percent(control ?? 0)}`
  );
}

function because(code: DecisionCode, facts: Facts, plan: Plan, judgement: Judgement): string {
  switch (code) {
    case 'INVALID_SRM':
      return 'The arms are not split as planned: what differs may be who is in them.';
    case 'INVALID_CONTAMINATION':
      return `${facts.people.excluded.both_arms} people were in both arms.`;
    case 'INVALID_EXCLUSION': {
      const { control, treatment } = facts.people.excluded;
      return `More people had to be left out of one arm (${treatment} treated, ${control} others).`;
    }
    case 'GUARDRAIL_HARM':
      return `Whatever it gains there: ${harmed(judgement)} got worse.`;
    case 'EARLY_HARM':
      return 'So much harm is not left running until the next look.';
    case 'WIN':
      return [early(judgement), slower(facts, judgement)].filter(Boolean).join(' ');
    case 'LOSS':
      return 'Treatment is worse.';
    case 'FUTILE':
      return `Even if it were worth ${worth(facts, plan)}, it would hardly show any more.`;
    case 'TOO_SMALL':
      return `Whatever it does is less than the ${worth(facts, plan)} that would be worth it.`;
    case 'UNDERPOWERED':
    case 'NO_DIFFERENCE_SHOWN':
      return needed(facts, plan, judgement);
    case 'CONTINUE':
    case 'TOO_EARLY':
    case 'WAITING_MATURITY':
      return '';
  }
}

/** Ranks decide, and a mean is moved by the slowest few. */
function slower({ metrics: [{ metric }] }: Facts, { comparison }: Judgement): string {
  if (!metricOf(metric).isTime || (comparison.difference ?? 0) <= 0) return '';
  return 'On average they took longer all the same: a few very slow ones weigh in it.';
}

function early({ look }: Judgement): string {
  if (look === null || look.isFinal) return '';
  return `Likely overstated: stopped at ${percent(look.information)} of the planned leads.`;
}

function worth({ metrics: [{ metric }] }: Facts, { min_effect }: Plan): string {
  const least = min_effect ?? 0;
  return metricOf(metric).isTime
    ? `${least} min`
    : `${Number((100 * least).toPrecision(3))} points`;
}

/** What so many leads can show, and how many it would take. */
function needed(
  { metrics: [primary] }: Facts,
  plan: Plan,
  { comparison, look }: Judgement,
): string {
  const short = (look?.information ?? 1) < 1 ? 'Fewer leads came than planned. ' : '';
  if (metricOf(primary.metric).isTime || comparison.control === null) return short.trim();
  const direction = metricOf(primary.metric).lessIsGood ? -1 : 1;
  const baseline = plan.baseline_rate ?? comparison.control;
  const { traffic_split: split, alpha, power } = plan;
  const leads = primary.control.n + primary.treatment.n;
  const shows = detectableEffect({ leads, split, alpha, power, baseline, direction });
  const told = shows === null ? '' : `${leads} leads show ${points(shows)} points, hardly less`;
  if (plan.min_effect === null) return `${short}${told && `${told}.`}`.trim();
  const effect = direction * plan.min_effect;
  if (baseline + effect < 0 || baseline + effect > 1) return `${short}${told && `${told}.`}`.trim();
  const would = Math.ceil(leadsForRates({ baseline, effect, split, alpha, power }));
  return `${short}${told && `${told}; `}${points(effect)} points take about ${would} leads.`;
}

function splitOf(facts: Facts, { health: { sample_ratio } }: Judgement): string {
  const { control, treatment } = facts.people.assigned;
  const share = `${treatment} treated, ${control} others`;
  return sample_ratio.state === 'fine' ? `Split healthy (${share}).` : `Split broken (${share}).`;
}

function guardrailsOf({ health: { guardrails } }: Judgement): string {
  if (guardrails.length === 0) return '';
  const told = guardrails.map(({ metric, verdict }) => `${metric.replaceAll('_', ' ')} ${verdict}`);
  return `Guardrails: ${told.join(', ')}.`;
}
