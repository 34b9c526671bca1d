-- Which is the earliest lead of the 30 days before this one that has its e-mail or its phone? None
-- that is a test; a duplicate stands for its original, where that counts and came earlier too: what
-- is suggested stays so while others are confirmed. A viewer's own leads alone are looked at. Two
-- look-ups of one row each: an "or" would read all leads of a number that an office shares.
create or replace function earlier_twin(lead leads, viewer uuid)
returns table (id uuid, created_at timestamptz, original_id uuid, matched_by text)
language sql stable rows 1 as $$
  select
    t.id,
    t.created_at,
    coalesce(t.duplicate_of, t.id),
    concat_ws(
      ',',
      case when t.email_normalised = lead.email_normalised then 'email' end,
      case when t.phone_normalised = lead.phone_normalised then 'phone' end
    )
  from (
    (
      select e.id, e.created_at, e.duplicate_of, e.email_normalised, e.phone_normalised
      from leads e
      where e.email_normalised = lead.email_normalised
        and e.created_at >= lead.created_at - interval '720 hours'
        and (e.created_at, e.id) < (lead.created_at, lead.id)
        and not e.is_test
        and known_to(e, null, earlier_twin.viewer)
        and (
          e.duplicate_of is null
          or exists (
            select
            from leads o
            where o.id = e.duplicate_of and not o.is_test and o.duplicate_of is null
              and (o.created_at, o.id) < (lead.created_at, lead.id)
              and known_to(o, null, earlier_twin.viewer)
          )
        )
      order by e.created_at, e.id
      limit 1
    )
    union all
    (
      select e.id, e.created_at, e.duplicate_of, e.email_normalised, e.phone_normalised
      from leads e
      where e.phone_normalised = lead.phone_normalised
        and e.created_at >= lead.created_at - interval '720 hours'
        and (e.created_at, e.id) < (lead.created_at, lead.id)
        and not e.is_test
        and known_to(e, null, earlier_twin.viewer)
        and (
          e.duplicate_of is null
          or exists (
            select
            from leads o
            where o.id = e.duplicate_of and not o.is_test and o.duplicate_of is null
              and (o.created_at, o.id) < (lead.created_at, lead.id)
              and known_to(o, null, earlier_twin.viewer)
          )
        )
      order by e.created_at, e.id
      limit 1
    )
  ) as t
  order by t.created_at, t.id
  limit 1
$$;
