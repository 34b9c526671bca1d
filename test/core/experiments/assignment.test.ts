import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeMessage } from '../../../core/queue/message.ts';
import { storeQueued } from '../../../core/queue/store-queued.ts';
import { startTestMachine } from '../../setup/machine.ts';
import vectors from '../../statistics/vectors.json' with { type: 'json' };
import { bucketOf, hashOf } from './scene.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterEach(() => api.sql(`truncate leads, lead_experiments cascade`));
afterAll(() => api.close());

const dayMs = 24 * 60 * 60 * 1000;
const running = async (name: string, changes: Record<string, unknown> = {}) => {
  const row = { name, primary_metric: 'response_rate', status: 'running', ...changes };
  const [{ id }] = (await api.sql(
    `insert into lead_experiments (name, primary_metric, status, segment_filter, traffic_split)
     select r.name, r.primary_metric, r.status, r.segment_filter, coalesce(r.traffic_split, 0.5)
     from jsonb_populate_record(null::lead_experiments, $1) as r
     returning id`,
    [row],
  )) as [{ id: string }];
  return id;
};
const take = async (body: object) =>
  (await api.post('/v1/leads', { source: 'zillow', ...body })).body;
const arm = ({ experiments }: { experiments: { group_name: string }[] }) =>
  experiments.map((one) => one.group_name);

describe('the bucket', () => {
  test.each(
    vectors.filter(
      ({ kind, inputs }) => kind === 'hash' && 'version' in inputs && inputs.version === 2,
    ),
  )('is the published one: $id', async ({ inputs, expected }) => {
    const { seed, value } = inputs as { seed: string; value: string };
    const [row] = await api.sql('select experiment_bucket($1, $2)::float8 as bucket', [
      seed,
      value,
    ]);
    expect(row).toEqual(expected);
  });

  test('is FNV-1a of FNV-1a, of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (seed, value) => {
        fc.pre(!`${seed}${value}`.includes('\0'));
        const [row] = await api.sql('select experiment_bucket($1, $2)::float8 as bucket', [
          seed,
          value,
        ]);
        expect(row).toEqual({ bucket: (hashOf(`${hashOf(seed + value)}`) % 10_000) / 10_000 });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a lead that comes in', () => {
  test('is told its arm of each running experiment, the one that the hash says', async () => {
    await running('draft', { status: 'draft' });
    await running('paused', { status: 'paused' });
    const id = await running('fast-lane', { traffic_split: 0.3 });
    const arms = new Map<string, number>();
    for (let n = 0; n < 60; n += 1) {
      const phone = `+1415555${String(2000 + n)}`;
      const lead = await take({ phone });
      expect(lead.experiments).toEqual([
        {
          experiment_id: id,
          experiment: 'fast-lane',
          skill: null,
          group_name: expect.any(String),
          assigned_at: lead.recorded_at,
        },
      ]);
      expect(arm(lead)).toEqual([bucketOf(id, phone) >= 0.7 ? 'treatment' : 'control']);
      const [group = ''] = arm(lead);
      arms.set(group, (arms.get(group) ?? 0) + 1);
    }
    // Of 60 at 30 %: fewer than 5 or more than 35 come once in a hundred thousand.
    expect(arms.get('treatment')).toBeGreaterThanOrEqual(5);
    expect(arms.get('treatment')).toBeLessThanOrEqual(35);
  });

  test('again, and whoever looks at it, is in the same arm', async () => {
    await running('fast-lane');
    const first = await take({ external_id: 'z-1' });
    const again = await api.post('/v1/leads', { source: 'zillow', external_id: 'z-1' });
    expect([again.status, again.body.experiments]).toEqual([200, first.experiments]);
    expect((await api.get(`/v1/leads/${first.id}`)).body.experiments).toEqual(first.experiments);
  });

  test('is in none that is for others, that it tests, doubles, or that is history', async () => {
    await running('portals', { segment_filter: { source: ['zillow', 'trulia'] } });
    await running('hot', { segment_filter: { quality_score: 'A', property_state: 'TX' } });
    const names = async (body: object) =>
      (await take(body)).experiments.map((one: { experiment: string }) => one.experiment);
    expect(await names({ source: 'trulia' })).toEqual(['portals']);
    expect(await names({ source: 'web' })).toEqual([]);
    expect(await names({ quality_score: 'A', property_state: 'TX' })).toEqual(['hot', 'portals']);
    expect(await names({ quality_score: 'A' })).toEqual(['portals']);
    expect(await names({ is_test: true })).toEqual([]);
    const original = await take({});
    expect(await names({ duplicate_of: original.id })).toEqual([]);
    const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
    expect(await names({ created_at: ago(dayMs - 60_000) })).toEqual(['portals']);
    expect(await names({ created_at: ago(dayMs + 60_000) })).toEqual([]);
  });

  test('of a person who is in already is in the same arm, as the same unit', async () => {
    await running('fast-lane');
    const units = async (ids: string[]) =>
      api.sql(
        `select distinct unit_id, group_name
         from lead_experiment_assignments where lead_id = any ($1)`,
        [ids],
      );
    for (let n = 0; n < 12; n += 1) {
      const email = `ada${n}@example.com`;
      const phone = `+1415556${String(2000 + n)}`;
      const byMail = await take({ email });
      const both = await take({ email, phone });
      const byPhone = await take({ phone });
      expect(await units([byMail.id, both.id, byPhone.id])).toHaveLength(1);
    }
    // Of one batch, too.
    const email = 'bea@example.com';
    const items = [
      { source: 'web', email, created_at: new Date(Date.now() - 1000).toISOString() },
      { source: 'web', email, phone: '+14155550199' },
    ];
    const { results } = (await api.post('/v1/leads/batch', { items })).body;
    expect(await units(results.map(({ id }: { id: string }) => id))).toHaveLength(1);
  });

  test('by the queue is in none: nobody was told', async () => {
    await running('fast-lane');
    const [id, now] = [v7(), new Date().toISOString()];
    const body = writeMessage('leads', { id, source: 'zillow', event_source: 'automation' });
    const record = { messageId: '1', receiptHandle: '1', body, sentAt: Date.now() };
    expect((await storeQueued([record], now)).outcome.stored).toBe(1);
    const lead = (await api.get(`/v1/leads/${id}`)).body;
    expect(lead.experiments).toEqual([]);
  });

  test('twice at the same moment is one unit', async () => {
    await running('fast-lane');
    for (let n = 0; n < 10; n += 1) {
      const phone = `+1415557${String(2000 + n)}`;
      await Promise.all(Array.from({ length: 4 }, () => take({ phone, email: 'eva@example.com' })));
    }
    const units = await api.sql('select distinct unit_id from lead_experiment_assignments');
    expect(units).toHaveLength(1);
  });

  test('and names two who were in one arm each, tells that they are one', async () => {
    await running('fast-lane');
    const arms = new Map<string, { phone?: string; email?: string }>();
    for (let n = 0; arms.size < 2; n += 1) {
      const by = arms.has('treatment') || arms.has('control') ? 'phone' : 'email';
      const given = { [by]: by === 'phone' ? `+1415558${2000 + n}` : `ada${n}@example.com` };
      const [group = ''] = arm(await take(given));
      if (!arms.has(group)) arms.set(group, given);
      else await api.sql('truncate leads cascade').then(() => arms.clear());
    }
    const both = async () =>
      api.sql('select in_both_arms from lead_experiment_assignments order by assigned_at');
    expect(await both()).toEqual([{ in_both_arms: false }, { in_both_arms: false }]);
    await take(Object.assign({}, ...arms.values()));
    expect(await both()).toEqual(Array.from({ length: 3 }, () => ({ in_both_arms: true })));
  });
});

describe('what is running stays as it was planned', () => {
  test.each([
    'traffic_split = 0.4',
    `segment_filter = '{"source": "web"}'`,
    `primary_metric = 'reply_rate'`,
    'outcome_window_hours = 48',
    'alpha = 0.1',
    `looks = '{1}'`,
    'min_effect = 0.2',
    'target_sample_size = 50',
    'max_duration_days = 400',
  ])('%s is refused', async (change) => {
    await running('fast-lane');
    await expect(api.sql(`update lead_experiments set ${change}`)).rejects.toThrow(
      /lead_experiments_started/,
    );
    await api.sql(`update lead_experiments set description = 'what it is for'`);
  });

  test('a look is never changed, nor taken away', async () => {
    const id = await running('fast-lane');
    await api.sql(
      `insert into lead_experiment_looks (
         experiment_id, look_no, taken_at, control_n, treatment_n, health, decision_code,
         decision_reason, engine_version, input, input_sha256
       )
       values ($1, 1, now(), 25, 25, '{}', 'CONTINUE', 'not yet', 1, '{}', '')`,
      [id],
    );
    await expect(api.sql('update lead_experiment_looks set p_value = 0')).rejects.toThrow(/kept/);
    await expect(api.sql('delete from lead_experiment_looks')).rejects.toThrow(/kept/);
    await api.sql('truncate lead_experiment_looks');
  });
});
