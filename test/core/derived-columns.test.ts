import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arbitraryHistory, generateHistory, type History } from '../oracle/histories.ts';
import { createDatabase } from '../setup/database.ts';
import {
  chunks,
  expectedDerived,
  readDerived,
  shuffled,
  withoutVoiding,
} from '../setup/derived.ts';
import { storeEvents, storeHistory, storeLeads, storePeople } from '../setup/facts.ts';

let db: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  db = await createDatabase();
});
afterAll(() => db.close());
beforeEach(clear);

const window = { timezone: 'America/New_York', from: '2026-02-20', to: '2026-03-20' };

async function clear(): Promise<void> {
  await db.sql(
    `truncate leads, lead_events, agent_profiles, lead_skills, lead_experiments,
       lead_experiment_assignments, source_spend cascade`,
  );
}

async function voidEvents(ids: string[]): Promise<void> {
  await db.sql(
    `update lead_events set voided_at = created_at, voided_by = 'test', void_reason = 'mistake'
     where id = any ($1)`,
    [ids],
  );
}

describe('the derived columns are a function of the events that are not voided', () => {
  test('whatever the order and the size of the batches in which they arrive', async () => {
    const arrivals = fc.record({
      history: arbitraryHistory({ ...window, maximumLeads: 4, maximumEvents: 40 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      batch: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ history, seed, batch }) => {
        await clear();
        await storePeople(db.pool, history);
        await storeLeads(db.pool, history.leads);
        for (const events of chunks(shuffled(history.events, seed), batch)) {
          await storeEvents(db.pool, events);
        }
        expect(await readDerived(db.pool)).toEqual(expectedDerived(history));
      }),
      { numRuns: 60 },
    );
  });

  test('whether an event was voided from the start or taken back later', async () => {
    const history = generateHistory({ ...window, seed: 7, leads: 120 });
    await storeHistory(db.pool, { ...history, events: withoutVoiding(history.events) });
    const voided = history.events.filter((event) => event.voided).map((event) => event.id);
    expect(voided.length).toBeGreaterThan(5);
    for (const ids of chunks(shuffled(voided, 3), 4)) await voidEvents(ids);
    expect(await readDerived(db.pool)).toEqual(expectedDerived(history));
  });

  test('an event that is deleted, moved or made another one is as if it had been so', async () => {
    const history = generateHistory({ ...window, seed: 11, leads: 60 });
    await storeHistory(db.pool, history);
    const plain = history.events.filter((e) => e.event_type === 'contacted' && !e.voided);
    const [removed, ...others] = shuffled(plain, 5).slice(0, 12);
    await db.sql('delete from lead_events where id = $1', [removed?.id]);
    await db.sql(
      `update lead_events set event_type = 'qualified', created_at = created_at + interval '1 hour',
         recorded_at = recorded_at + interval '1 hour'
       where id = any ($1)`,
      [others.map((e) => e.id)],
    );
    const changed = new Set(others.map((e) => e.id));
    const events = history.events
      .filter((e) => e.id !== removed?.id)
      .map((e) =>
        changed.has(e.id)
          ? { ...e, event_type: 'qualified' as const, created_at: e.created_at + 3_600_000_000n }
          : e,
      );
    expect(await readDerived(db.pool)).toEqual(expectedDerived({ ...history, events }));
  });
});

describe('many writers at once', () => {
  async function writers<T>(count: number, work: (client: pg.Client, n: number) => Promise<T>) {
    const clients = Array.from({ length: count }, () => new pg.Client(db.url));
    await Promise.all(clients.map((client) => client.connect()));
    try {
      return await Promise.all(clients.map(work));
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  }

  test('8 writers on one lead, event by event, end where one writer would', async () => {
    const history = generateHistory({ ...window, seed: 23, leads: 400 });
    const lead = history.leads[0];
    if (!lead) throw new Error('no lead');
    const events = shuffled(
      history.events
        .filter((e) => e.event_type !== 'created')
        .slice(0, 240)
        .map((e) => ({ ...e, lead_id: lead.id })),
      9,
    );
    const facts: History = { ...history, leads: [{ ...lead, duplicate_of: null }], events };
    await storePeople(db.pool, facts);
    await storeLeads(db.pool, facts.leads);
    const shares = chunks(events, Math.ceil(events.length / 8));
    await writers(8, async (client, n) => {
      for (const event of shares[n] ?? []) await storeEvents(client, [event]);
    });
    expect(await readDerived(db.pool)).toEqual(expectedDerived(facts));
  });

  test('batches that share leads and arrive together do not wait for each other', async () => {
    const history = generateHistory({ ...window, seed: 31, leads: 40 });
    await storePeople(db.pool, history);
    await storeLeads(db.pool, history.leads);
    const shares = chunks(shuffled(history.events, 13), Math.ceil(history.events.length / 8));
    await writers(8, async (client, n) => {
      for (const batch of chunks(shares[n] ?? [], 9)) await storeEvents(client, batch);
    });
    expect(await readDerived(db.pool)).toEqual(expectedDerived(history));
  });

  test('transactions that cross lose nothing: one meets a deadlock and comes again', async () => {
    const history = generateHistory({ ...window, seed: 37, leads: 2 });
    const [one, two] = history.leads.map((lead) => ({ ...lead, duplicate_of: null }));
    if (!one || !two) throw new Error('no leads');
    const template = history.events.find((e) => e.event_type === 'created');
    if (!template) throw new Error('no event');
    await storeLeads(db.pool, [one, two]);
    const contacted = (lead: typeof one, seconds: bigint) => ({
      ...template,
      id: randomUUID(),
      lead_id: lead.id,
      event_type: 'contacted' as const,
      event_source: 'agent',
      created_at: lead.created_at + seconds * 1_000_000n,
    });
    const pairs = [
      [contacted(one, 9n), contacted(two, 9n)],
      [contacted(two, 5n), contacted(one, 5n)],
    ];
    await writers(2, async (client, n) => {
      for (let attempt = 0; ; attempt++) {
        try {
          await client.query('begin');
          for (const event of pairs[n] ?? []) {
            await storeEvents(client, [event]);
            await client.query('select pg_sleep(0.05)');
          }
          await client.query('commit');
          return;
        } catch (error) {
          await client.query('rollback');
          if ((error as pg.DatabaseError).code !== '40P01' || attempt > 3) throw error;
        }
      }
    });
    const facts = { ...history, leads: [one, two], events: pairs.flat() };
    expect(await readDerived(db.pool)).toEqual(expectedDerived(facts));
  });
});
