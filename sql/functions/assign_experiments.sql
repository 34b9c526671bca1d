-- Which arm of each running experiment do these leads get, which came in just now? That of their
-- person, who is known by phone number or e-mail address; of somebody new the one that the hash
-- says, so that anybody can compute it. Tests, duplicates, and what is recorded more than a day
-- after it came in are in none. One after the other: of one batch two may be one person.
create or replace function assign_experiments(lead_ids uuid[], at timestamptz) returns integer
language plpgsql as $$
declare
  lead leads;
  same_person uuid[];
  assigned integer := 0;
  in_this integer;
begin
  if not exists (select from lead_experiments x where x.status = 'running') then
    return 0;
  end if;

  -- Two leads of one person at the same moment take turns, and the second sees the first.
  perform pg_advisory_xact_lock(hashtext('leadpulse assign_experiments'), t.turn)
  from (
    select distinct abs(hashtext(n.name) % 256) as turn
    from leads l
    cross join lateral (values (l.phone_normalised), (l.email_normalised)) as n (name)
    where l.id = any (lead_ids) and n.name is not null
    order by turn
  ) as t;

  for lead in
    select l.*
    from unnest(lead_ids) as n (id)
    join leads l on l.id = n.id
    where not l.is_test
      and l.duplicate_of is null
      and l.recorded_at <= l.created_at + interval '24 hours'
    order by l.created_at, l.id
  loop
    same_person := array(
      select a.lead_id
      from (
        select p.id from leads p where p.phone_normalised = lead.phone_normalised
        union
        select p.id from leads p where p.email_normalised = lead.email_normalised
      ) as p
      join lead_experiment_assignments a on a.lead_id = p.id
      join lead_experiments x on x.id = a.experiment_id and x.status in ('running', 'paused')
    );

    insert into lead_experiment_assignments (
      id, lead_id, experiment_id, group_name, assigned_at, unit_id
    )
    select
      uuidv7(),
      lead.id,
      x.id,
      coalesce(
        known.group_name,
        -- traffic_split is the treatment's share.
        case when u.bucket >= 1 - x.traffic_split then 'treatment' else 'control' end
      ),
      at,
      coalesce(known.unit_id, lead.id)
    from lead_experiments x
    cross join lateral (
      select experiment_bucket(
        x.id || ':' || x.salt_version,
        coalesce(lead.phone_normalised, lead.email_normalised, lead.id::text)
      ) as bucket
    ) as u
    left join lateral (
      select a.group_name, coalesce(a.unit_id, a.lead_id) as unit_id
      from lead_experiment_assignments a
      where a.lead_id = any (same_person) and a.experiment_id = x.id
      order by a.assigned_at, a.id
      limit 1
    ) as known on true
    where x.status = 'running' and fits_segment(lead, x.segment_filter)
    on conflict on constraint lead_experiment_assignments_once do nothing;
    get diagnostics in_this = row_count;
    assigned := assigned + in_this;

    if cardinality(same_person) > 0 then
      update lead_experiment_assignments a
      set in_both_arms = true
      from (
        select k.experiment_id, array_agg(coalesce(k.unit_id, k.lead_id)) as units
        from lead_experiment_assignments k
        join lead_experiments x on x.id = k.experiment_id and x.status in ('running', 'paused')
        where k.lead_id = any (same_person || lead.id)
        group by k.experiment_id
        having count(distinct k.group_name) > 1
      ) as b
      where a.experiment_id = b.experiment_id
        and coalesce(a.unit_id, a.lead_id) = any (b.units)
        and not a.in_both_arms;
    end if;
  end loop;
  return assigned;
end
$$;
