import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { dumpSchema } from './schema-dump.ts';

async function run(url: string, script: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(script);
  } finally {
    await client.end();
  }
}

test('the schema dump shows every kind of object, the same each time', async () => {
  const name = `schema_dump_${process.pid}`;
  await run(inject('postgresUrl'), `create database ${name}`);
  const url = inject('postgresUrl').replace(/[^/]*$/, name);
  await run(
    url,
    `create extension pg_trgm;
     create type stage as enum ('New', 'won');
     create table team (id bigint generated always as identity primary key, name text unique);
     create table lead (
       team_id bigint not null references team on delete cascade,
       phone text default 'O''B' check (phone <> ''),
       digits text generated always as (right(phone, 4)) stored
     );
     create index on lead using gin (phone gin_trgm_ops);
     create function bump() returns trigger language plpgsql as 'begin return NULL; end';
     create trigger counted after insert on lead for each statement execute function bump();
     create view loud as select upper(phone) as "Phone" from lead;
     create materialized view per_team as select team_id, count(*) from lead group by 1;
     create unique index on per_team (team_id);`,
  );
  const dump = await dumpSchema(url);
  expect(dump).toMatchInlineSnapshot(`
    "-- What the migrations add up to. Generated: run npm run snapshots after a change.

    -- extensions

    create extension pg_trgm;

    -- types

    create type stage as enum ('New', 'won');

    -- tables

    create table lead (
      team_id bigint not null,
      phone text default 'O''B'::text,
      digits text generated always as ("right"(phone, 4)) stored,
      constraint lead_team_id_fkey foreign key (team_id) references team(id) on delete cascade,
      constraint lead_phone_check check ((phone <> ''::text))
    );

    create table team (
      id bigint not null generated always as identity,
      name text,
      constraint team_pkey primary key (id),
      constraint team_name_key unique (name)
    );

    -- functions

    -- bump() returns trigger

    -- views

    create view loud as
     select upper(phone) as "Phone"
       from lead;

    create materialized view per_team as
     select team_id,
        count(*) as count
       from lead
      group by team_id;

    -- indexes

    create index lead_phone_idx on public.lead using gin (phone gin_trgm_ops);

    create unique index per_team_team_id_idx on public.per_team using btree (team_id);

    -- triggers

    create trigger counted after insert on lead for each statement execute function bump();
    "
  `);
  expect(await dumpSchema(url)).toBe(dump);
});
