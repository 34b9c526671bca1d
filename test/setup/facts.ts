import type pg from 'pg';
import { POLICIES } from '../oracle/clocks.ts';
import { formatCents } from '../oracle/exact.ts';
import type { History } from '../oracle/histories.ts';
import { formatInstant } from '../oracle/local-time.ts';
import type { EventFact, Facts, LeadFact, SpendFact } from '../oracle/types.ts';
import { readExperiments, storeExperiments } from './experiment-facts.ts';

type Runner = Pick<pg.Pool, 'query'>;

/** Stores a history: people and leads first, then its events in batches of one statement each. */
export async function storeHistory(db: Runner, history: History, batch = 5000): Promise<void> {
  await storePeople(db, history);
  await storeLeads(db, history.leads);
  for (let start = 0; start < history.events.length; start += batch) {
    await storeEvents(db, history.events.slice(start, start + batch));
  }
  await storeExperiments(db, history);
  await storeSpend(db, history.spend);
}

/** Agents, skills, and the policies that have set its clocks: no other one sets them again. */
export async function storePeople(db: Runner, history: History): Promise<void> {
  await db.query(
    `insert into agent_profiles (id, first_name, last_name, active)
     select id, first_name, last_name, active
     from jsonb_to_recordset($1) as a (id uuid, first_name text, last_name text, active boolean)`,
    [JSON.stringify(history.agents)],
  );
  await db.query(
    `insert into lead_skills (id, name)
     select id, name from jsonb_to_recordset($1) as s (id uuid, name text)`,
    [JSON.stringify(history.skills)],
  );
  await db.query('update sla_policies set active = false');
  await db.query(
    `insert into sla_policies (id, name, human_only, active, priority, target_minutes)
     select id, name, human_only, false, 1, 5
     from jsonb_populate_recordset(null::sla_policies, $1)
     on conflict do nothing`,
    [JSON.stringify(POLICIES)],
  );
}

/** Leads as intake would have stored them, without events. */
export async function storeLeads(db: Runner, leads: readonly LeadFact[]): Promise<void> {
  const rows = leads.map(({ sla, estimated_value = null, ...lead }) => ({
    ...lead,
    created_at: formatInstant(lead.created_at),
    estimated_value: estimated_value === null ? null : formatCents(estimated_value),
    sla_due_at: sla ? formatInstant(sla.due_at) : null,
    sla_policy_id: sla?.policy_id ?? null,
    sla_human_only: sla?.human_only ?? null,
  }));
  await db.query(
    `insert into leads (
       id, created_at, recorded_at, first_name, last_name, email_normalised, phone_normalised,
       source, utm_campaign, is_test, duplicate_of, estimated_value, sla_due_at, sla_policy_id,
       sla_human_only
     )
     select
       id, created_at, created_at, first_name, last_name, email_normalised, phone_normalised,
       source, utm_campaign, is_test, duplicate_of, estimated_value, sla_due_at, sla_policy_id,
       sla_human_only
     from jsonb_populate_recordset(null::leads, $1)`,
    [JSON.stringify(rows)],
  );
}

/** What each source cost on each day. */
export async function storeSpend(db: Runner, spend: readonly SpendFact[]): Promise<void> {
  await db.query(
    `insert into source_spend (source, day, amount)
     select source, day, amount from jsonb_populate_recordset(null::source_spend, $1)`,
    [JSON.stringify(spend.map((fact) => ({ ...fact, amount: formatCents(fact.amount) })))],
  );
}

/** Events in one statement, voided ones already so. */
export async function storeEvents(db: Runner, events: readonly EventFact[]): Promise<void> {
  await db.query(
    `insert into lead_events (
       id, lead_id, created_at, recorded_at, event_type, event_source, agent_id, skill_id, value,
       details, voided_at, voided_by, void_reason
     )
     select
       id, lead_id, created_at, created_at, event_type, event_source, agent_id, skill_id, value,
       details, voided_at, voided_by, void_reason
     from jsonb_populate_recordset(null::lead_events, $1)`,
    [JSON.stringify(events.map(eventRow))],
  );
}

function eventRow(event: EventFact) {
  const { quality_score, qualification_reason, voided, value, ...rest } = event;
  const created_at = formatInstant(event.created_at);
  const details = quality_score === null ? null : { quality_score, qualification_reason };
  const cents = value === null ? null : formatCents(value);
  const voiding = { voided_at: created_at, voided_by: 'test', void_reason: 'mistake' };
  return { ...rest, created_at, details, value: cents, ...(voided && voiding) };
}

/** Reads the facts that a database holds: what it was told, and nothing that it derived. */
export async function readFacts(db: Runner): Promise<Facts> {
  // Moments and money come as text: a number would lose microseconds and cents.
  const { rows: leads } = await db.query(
    `select
       id, (extract(epoch from created_at) * 1000000)::bigint::text as created_at, first_name,
       last_name, email_normalised, phone_normalised, source, utm_campaign, is_test, duplicate_of,
       (estimated_value * 100)::bigint::text as estimated_value, sla_policy_id, sla_human_only,
       (extract(epoch from sla_due_at) * 1000000)::bigint::text as sla_due_at
     from leads`,
  );
  const { rows: events } = await db.query(
    `select
       id, lead_id, (extract(epoch from created_at) * 1000000)::bigint::text as created_at,
       event_type, event_source, agent_id, skill_id, (value * 100)::bigint::text as value,
       case event_type when 'scored' then details ->> 'quality_score' end as quality_score,
       case event_type when 'scored' then details -> 'qualification_reason' end
         as qualification_reason,
       voided_at is not null as voided
     from lead_events`,
  );
  const { rows: agents } = await db.query(
    'select id, first_name, last_name, active from agent_profiles',
  );
  const { rows: spend } = await db.query(
    'select source, day::text as day, (amount * 100)::bigint::text as amount from source_spend',
  );
  return {
    leads: leads.map(({ sla_due_at, sla_policy_id, sla_human_only, ...row }) => ({
      ...row,
      created_at: BigInt(row.created_at),
      estimated_value: row.estimated_value === null ? null : BigInt(row.estimated_value),
      sla:
        sla_due_at === null
          ? null
          : {
              due_at: BigInt(sla_due_at),
              policy_id: sla_policy_id,
              human_only: sla_human_only,
            },
    })),
    events: events.map((row) => ({
      ...row,
      created_at: BigInt(row.created_at),
      value: row.value === null ? null : BigInt(row.value),
    })),
    agents,
    ...(await readExperiments(db)),
    spend: spend.map((row) => ({ ...row, amount: BigInt(row.amount) })),
  };
}
