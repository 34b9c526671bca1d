import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStory } from './story.ts';

let story: Awaited<ReturnType<typeof startStory>>;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

describe('15: experiment results', () => {
  // Four leads in each of three experiments, two in each arm. Of the control one was called; of the
  // treatment both were, and one got an appointment.
  beforeAll(async () => {
    const morning = '2025-06-10T09:00:00Z';
    const arms = [
      ['control', await story.lead(morning)],
      ['control', await story.lead(morning, {}, ['contacted', 30])],
      ['treatment', await story.lead(morning, {}, ['contacted', 3])],
      ['treatment', await story.lead(morning, {}, ['contacted', 3], ['appointment_scheduled', 60])],
    ];
    for (const [name, metric, status] of [
      ['a: speed', 'response_rate', 'running'],
      ['b: speed, decided', 'response_rate', 'completed'],
      ['c: appointments', 'appointment_rate', 'running'],
    ]) {
      await story.api.sql(
        `insert into lead_experiments (
           name, primary_metric, status, outcome_window_hours, created_at
         )
         values ($1, $2, $3, 72, '2025-06-01T00:00:00Z')`,
        [name, metric, status],
      );
    }
    for (const [arm, lead] of arms) {
      await story.api.sql(
        `insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
         select $1, id, $2, '${morning}' from lead_experiments`,
        [lead, arm],
      );
    }
  });

  test('lack what is decided and what it does not know in the seed; ours has all', async () => {
    // Called: control 1 of 2 = 50 %, treatment 2 of 2 = 100 %, lift 100 %, running or decided.
    // Appointments: control 0 of 2, treatment 1 of 2 = 50 %, no lift over nothing. The seed shows
    // running ones only, and of the third nothing but sizes.
    const speed = { control_n: 2, control_pct: 50, treatment_n: 2, treatment_pct: 100 };
    const theirs = await story.theirs('experiment-results');
    expect(theirs.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: 'a: speed', ...speed, lift_pct: 100 },
      { name: 'c: appointments', control_n: 2, control_pct: null, treatment_pct: null },
    ]);
    expect(await story.ours('experiment-results')).toMatchObject([
      { name: 'a: speed', ...speed, lift_pct: 100 },
      { name: 'b: speed, decided', ...speed, lift_pct: 100 },
      { name: 'c: appointments', control_pct: 0, treatment_pct: 50, lift_pct: null },
    ]);
  });

  test('call a test lead a failure of its arm in the seed, not in ours', async () => {
    // The office tries its form: a third lead of the control arm that nobody will call. 1 of 3 in
    // the seed, 33.33 %; 1 of 2 counted leads, 50 %.
    const tried = await story.lead('2025-06-10T10:00:00Z', { is_test: true });
    await story.api.sql(
      `insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
       select $1, id, 'control', '2025-06-10T10:00:00Z'
       from lead_experiments
       where name = 'a: speed'`,
      [tried],
    );
    const [theirs] = (await story.theirs('experiment-results')).filter(
      ({ name }) => name === 'a: speed',
    );
    expect(theirs).toMatchObject({ control_n: 3, control_pct: 33.33, lift_pct: 200 });
    const [ours] = await story.ours('experiment-results');
    expect(ours).toMatchObject({ control_n: 2, control_pct: 50, lift_pct: 100 });
  });

  test('count who has hardly come as lost in the seed, in ours once their time is up', async () => {
    // Two hours before the clock one more of the treatment comes in, whom nobody has called yet.
    // 2 of 3 in the seed, 66.67 %; ours waits for her.
    const fresh = await story.lead('2025-06-20T10:00:00Z');
    await story.api.sql(
      `insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
       select $1, id, 'treatment', '2025-06-20T10:00:00Z'
       from lead_experiments
       where name = 'a: speed'`,
      [fresh],
    );
    const [theirs] = (await story.theirs('experiment-results')).filter(
      ({ name }) => name === 'a: speed',
    );
    expect(theirs).toMatchObject({ treatment_n: 3, treatment_pct: 66.67 });
    const [ours] = await story.ours('experiment-results');
    expect(ours).toMatchObject({ treatment_n: 2, treatment_pct: 100, treatment_pending: 1 });
  });

  test('say nothing of time to contact in the seed; ours compares it', async () => {
    // Control: 30 minutes and never, a day; treatment 3 and 3: means 735 and 3. Of six ways to
    // choose two of four ranks, 1.5 and 1.5 with the ties is one: twice 1 / 6.
    await story.api.sql(
      `with x as (
         insert into lead_experiments (name, primary_metric, created_at)
         values ('d: minutes', 'time_to_contact', '2025-06-01T00:00:00Z') returning id
       )
       insert into lead_experiment_assignments (lead_id, experiment_id, group_name, assigned_at)
       select a.lead_id, x.id, a.group_name, a.assigned_at
       from x, lead_experiment_assignments a
       join lead_experiments o on o.id = a.experiment_id
       where o.name = 'c: appointments'`,
    );
    const theirs = (await story.theirs('experiment-results')).find(
      ({ name }) => name === 'd: minutes',
    );
    expect(theirs).toMatchObject({ control_n: 2, control_pct: null, lift_pct: null });
    const ours = (await story.ours('experiment-results')).at(-1);
    expect(ours).toMatchObject({ control_minutes: 735, treatment_minutes: 3, lift_pct: -99.59 });
    expect(ours).toMatchObject({ difference_minutes: -732, win_probability_pct: 100 });
    expect(ours.p_value).toBeCloseTo(1 / 3, 6);
  });
});
