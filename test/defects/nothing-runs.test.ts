import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query, transaction } from '../../core/database/client.ts';
import { createDatabase } from '../setup/database.ts';
import { seedObjects, seedReports, seedText } from './seed.ts';
import { clock, startStory } from './story.ts';

const tables = seedObjects.filter((name) => name.startsWith('lead'));

describe('1: tables cannot be created', () => {
  type Database = Awaited<ReturnType<typeof createDatabase>>;
  let empty: Database;
  let migrated: Database;
  beforeAll(async () => {
    empty = await createDatabase('empty');
    migrated = await createDatabase();
  });
  afterAll(async () => {
    await empty.close();
    await migrated.close();
  });

  /** The seed as its document has it, statement block by block: what went wrong with each. */
  async function createAll(): Promise<Record<string, string>> {
    const outcomes: Record<string, string> = {};
    for (const name of tables) {
      outcomes[name] = await empty.sql(seedText(name)).then(
        () => 'created',
        (error: pg.DatabaseError) => error.message,
      );
    }
    return outcomes;
  }
  const existing = async (database: Database) => {
    const found = await database.sql<{ name: string }>(
      'select name from unnest($1::text[]) as name where to_regclass(name) is not null',
      [tables],
    );
    return found.map(({ name }) => name);
  };

  test('on an empty database all six of the seed fail, one repair after the other', async () => {
    expect(await createAll()).toEqual({
      leads: 'function uuid_generate_v4() does not exist',
      lead_events: 'function uuid_generate_v4() does not exist',
      lead_experiments: 'function uuid_generate_v4() does not exist',
      lead_experiment_assignments: 'function uuid_generate_v4() does not exist',
      lead_skills: 'function uuid_generate_v4() does not exist',
      lead_metrics: 'relation "leads" does not exist',
    });
    expect(await existing(empty)).toEqual([]);

    await empty.sql('create extension "uuid-ossp"');
    expect(await createAll()).toMatchObject({
      leads: 'relation "agent_profiles" does not exist',
      lead_experiments: 'relation "lead_skills" does not exist',
      lead_skills: 'created',
    });
    await empty.sql('drop table lead_skills; create table agent_profiles (id uuid primary key)');
    expect(await createAll()).toMatchObject({
      leads: 'created',
      lead_events: 'relation "lead_skills" does not exist',
      lead_experiments: 'relation "lead_skills" does not exist',
      lead_experiment_assignments: 'relation "lead_experiments" does not exist',
      lead_metrics: 'relation "lead_events" does not exist',
    });
  });

  test('our migrations create all six, and agent_profiles', async () => {
    expect(await existing(migrated)).toEqual(tables);
    expect(await migrated.sql('select id, first_name, last_name from agent_profiles')).toEqual([]);
  });
});

describe('on tables that exist', () => {
  let story: Awaited<ReturnType<typeof startStory>>;
  beforeAll(async () => {
    story = await startStory();
    await story.lead('2025-06-10T09:00:00Z', { quality_score: 'A' }, ['contacted', 5]);
  });
  afterAll(() => story.close());

  test('2: six reports call a round that does not exist, one an alias; ours all run', async () => {
    const { seed } = story;
    await seed.copy();
    /** What goes wrong with a statement without one of our repairs. */
    async function without(repair: string, text: string): Promise<string> {
      await seed.sql(`begin; ${repair}`);
      const outcome = seed.sql(text).then(
        () => 'runs',
        (error: pg.DatabaseError) => error.message,
      );
      return await outcome.finally(() => seed.sql('rollback'));
    }
    const noRound = 'drop function seed.round(double precision, integer)';
    for (const name of seedReports) {
      expect(await without(noRound, seedText(name))).toBe(
        'function round(double precision, integer) does not exist',
      );
    }
    // With round, five run as they are; the summary needs its alias.
    for (const name of seedReports) {
      expect(await without('', seedText(name))).toBe(
        name === 'executive-summary' ? 'missing FROM-clause entry for table "l"' : 'runs',
      );
    }

    // Repaired, the summary says of one lead called after 5 minutes what ours says.
    const right = { total_leads: 1, conversion_rate: 0, avg_response_minutes: 5, a_leads: 1 };
    expect(await seed.report('executive-summary')).toMatchObject([right]);
    for (const name of seedReports) expect(await story.ours(name)).toBeInstanceOf(Array);
    expect(await story.ours('executive-summary')).toMatchObject([right]);
  });

  test('2: of no leads the summary divides by zero in the seed, and is null in ours', async () => {
    await story.seed.at('2026-06-20T12:00:00Z');
    await expect(story.seed.report('executive-summary')).rejects.toMatchObject({ code: '22012' });
    await story.seed.at(clock);
    expect(
      await story.ours('executive-summary', { from: '2025-01-01', to: '2025-01-31' }),
    ).toMatchObject([{ total_leads: 0, conversions: 0, conversion_rate: null }]);
  });

  describe('16: what the Data API cannot read', () => {
    /** What the service says to a statement of the seed on the seed's tables. */
    const asked = (sql: string) =>
      transaction(async (execute) => {
        await execute('set local search_path = seed, public, pg_catalog');
        await execute(`select set_config('seed.now', :now, true)`, { now: clock });
        return await execute(sql);
      }).catch((error: Error) => (error.cause as Error).name);

    test('an INTERVAL column of an event; ours are seconds in the answer', async () => {
      await story.seed.copy();
      expect(await asked('select event_type from lead_events order by 1')).toHaveLength(3);
      for (const column of ['time_since_previous_event', 'time_since_lead_created']) {
        expect(await asked(`select ${column} from lead_events`)).toBe('UnsupportedResultException');
      }
      const [lead] = await story.api.sql<{ id: string }>('select id from leads');
      const shown = await story.api.get(`/v1/leads/${lead?.id}`);
      // 09:05 − 09:00: five minutes after the lead, and after its scoring at 09:00.
      expect(shown.body.events[0]).toMatchObject({
        event_type: 'contacted',
        time_since_previous_event_seconds: 300,
        time_since_lead_created_seconds: 300,
      });
    });

    test('a void function: the SLA check; ours answer with rows', async () => {
      expect(await asked('select check_response_time_sla()')).toBe('UnsupportedResultException');
      const ours = await query(
        `select p.proname
         from pg_proc p
         where p.pronamespace = 'public'::regnamespace and p.prorettype = 'void'::regtype
           and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
      );
      expect(ours).toEqual([]);
    });
  });
});
