import experimentResults from '../../sql/reports/experiment-results.sql' with { type: 'text' };
import { withTests } from '../experiments/report-row.ts';
import {
  count,
  id,
  maybeCount,
  maybeText,
  maybeTime,
  minutes,
  percent,
  probability,
  text,
} from '../reports/columns.ts';
import { type Report, report } from '../reports/report.ts';

const both = (of: (arm: 'control' | 'treatment') => ReturnType<typeof count>) => [
  of('control'),
  of('treatment'),
];

/** How experiments stand: docs/experiments.md. */
export const experimentReports: readonly Report[] = [
  report({
    name: 'experiment-results',
    title: 'Experiment results',
    question: 'How do the arms of each experiment compare, and what follows?',
    sql: experimentResults,
    finish: withTests,
    takes: ['as_of'],
    columns: [
      text('name', "the experiment's name"),
      text('primary_metric', 'what is compared'),
      count('control_n', 'people of control whose time is up; each counts once'),
      percent('control_pct', 'of them with the outcome in their time; null of minutes'),
      count('treatment_n', 'people of treatment whose time is up; each counts once'),
      percent('treatment_pct', 'of them with the outcome in their time; null of minutes'),
      percent(
        'lift_pct',
        "treatment's value less control's, of control's; of minutes less is good",
      ),
      id('experiment_id', 'the experiment'),
      text('status', 'draft, running, paused or completed, as of then'),
      ...both((arm) => count(`${arm}_assigned`, `people of ${arm} who count`)),
      ...both((arm) => count(`${arm}_pending`, `people of ${arm} whose time is not up yet`)),
      ...both((arm) =>
        minutes(`${arm}_minutes`, `mean minutes of ${arm} to the first contact, capped`),
      ),
      percent('difference_points', "treatment's share less control's, in points"),
      percent(
        'difference_points_low',
        'lower end of its interval at the level p_allowed (Newcombe)',
      ),
      percent(
        'difference_points_high',
        'upper end of its interval at the level p_allowed (Newcombe)',
      ),
      minutes('difference_minutes', "treatment's mean less control's"),
      minutes(
        'difference_minutes_low',
        'lower end of its interval at the level p_allowed (normal)',
      ),
      minutes(
        'difference_minutes_high',
        'upper end of its interval at the level p_allowed (normal)',
      ),
      percent('win_probability_pct', 'pairs in which the treated one was contacted sooner'),
      probability('p_value', 'p of no difference (Boschloo; of minutes worst-rank Mann-Whitney)'),
      probability(
        'p_allowed',
        'up to which p a difference may be told, at the look that is due or next; of one that is ' +
          'over at its last one, null without one',
      ),
      percent('information_pct', 'people whose time is up, of those planned for'),
      maybeText('health', 'ok, or codes of what is wrong'),
      maybeCount('next_look_leads', 'people whose time must be up for the next look'),
      maybeTime('next_look_at', 'when that will be at the pace so far, at the latest its last day'),
      maybeText('decision', 'KEEP, KILL or INCONCLUSIVE; null until it is over'),
      maybeText('decision_code', 'why, in a word'),
      maybeText('decision_reason', 'why, in sentences'),
    ],
  }),
];
