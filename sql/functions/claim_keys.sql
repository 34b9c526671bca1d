-- Which of these items come with a key that was seen before (`is_known`), and which of those are
-- another request than the first one (`is_another`)? The keys are written before the items are: a
-- twin that is on its way waits here until the first one has committed, and then sees it. In the
-- order of the keys, so that two batches wait in one direction only.
create or replace function claim_keys(items jsonb, at timestamptz)
returns table (index integer, is_known boolean, is_another boolean)
language sql as $$
  with given as (
    select i.*
    from jsonb_to_recordset(items) as i (
      index integer, idempotency_scope text, idempotency_key text, request_sha256 text
    )
    where i.idempotency_key is not null
  ),
  claimed as (
    insert into idempotency_keys as k (scope, key, request_sha256, created_at)
    select distinct on (g.idempotency_scope, g.idempotency_key)
      g.idempotency_scope, g.idempotency_key, g.request_sha256, claim_keys.at
    from given g
    order by g.idempotency_scope, g.idempotency_key, g.index
    on conflict on constraint idempotency_keys_pkey
      do update set request_sha256 = k.request_sha256
    returning k.scope, k.key, k.request_sha256, old.scope is not null as is_known
  )
  select g.index, c.is_known, g.request_sha256 <> c.request_sha256
  from given g
  join claimed c on c.scope = g.idempotency_scope and c.key = g.idempotency_key
$$;
