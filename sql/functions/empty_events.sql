-- How many events of these leads told of an erased person? They no longer do: the score stays, the
-- reason and all other details go, and so do the words with which one was taken back. The caller
-- holds the leads.
create or replace function empty_events(lead_ids uuid[]) returns integer
language plpgsql as $$
declare
  emptied integer;
begin
  update lead_events e
  set
    external_id = g.external_id,
    details = g.details,
    voided_by = g.voided_by,
    void_reason = g.void_reason
  from lead_events o
  join leads l on l.id = o.lead_id
  cross join lateral (
    select
      erased_id(o.external_id) as external_id,
      case o.event_type
        when 'scored' then jsonb_build_object('quality_score', o.details -> 'quality_score')
      end as details,
      case when o.voided_at is not null then 'erased' end as voided_by,
      case when o.voided_at is not null then 'erased' end as void_reason
  ) as g
  where o.lead_id = any (lead_ids)
    and l.erased_at is not null
    and e.id = o.id
    and (o.external_id, o.details, o.voided_by, o.void_reason)
      is distinct from (g.external_id, g.details, g.voided_by, g.void_reason);
  get diagnostics emptied = row_count;
  return emptied;
end
$$;
