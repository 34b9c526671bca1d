-- What became of each of these items? One call for a single write and for a batch, and for requests
-- with an `Idempotency-Key` and without. `replayed`: its request came before, under the same key;
-- refused is one under a key that another request has.
create or replace function write_items(kind text, items jsonb, at timestamptz)
returns table (
  index integer, inserted boolean, id uuid, sqlstate text, violated text, replayed boolean
)
language plpgsql as $$
#variable_conflict use_column
declare
  known integer[];
  others integer[];
begin
  if not jsonb_path_exists(items, '$[*].idempotency_key') then
    return query select s.*, false from store_items(kind, items, at) as s;
    return;
  end if;

  select
    coalesce(array_agg(c.index) filter (where c.is_known), '{}'),
    coalesce(array_agg(c.index) filter (where c.is_another), '{}')
  into known, others
  from claim_keys(items, at) as c;

  return query
  select o.index, false, null::uuid, '23000', 'idempotency_key_one_request', false
  from unnest(others) as o (index);

  return query
  with stored as materialized (
    select s.*
    from store_items(
      kind,
      (
        select coalesce(jsonb_agg(i.item), '[]')
        from jsonb_array_elements(items) as i (item)
        where (i.item ->> 'index')::integer <> all (others)
      ),
      at
    ) as s
  ),
  -- A request of which nothing was stored may come again, put right, under the same key.
  released as (
    delete from idempotency_keys k
    using (
      select i.idempotency_scope as scope, i.idempotency_key as key
      from jsonb_to_recordset(items) as i (
        index integer, idempotency_scope text, idempotency_key text
      )
      join stored s on s.index = i.index
      where i.index <> all (known)
      group by i.idempotency_scope, i.idempotency_key
      having bool_and(s.sqlstate is not null)
    ) as refused
    where k.scope = refused.scope and k.key = refused.key
  )
  select s.*, s.index = any (known)
  from stored s
  order by s.index;
end
$$;
