-- Does this lead fit into a row of the Data API, 64 KB, with room for what stands beside it, also
-- once it is scored? A reason may come later and be 8 KB, so none is counted, nor are the clock and
-- the experiments, of which nobody knows before: ten of those are 3.7 KB at most. The lead, or an
-- error under the name that the API's answer knows.
create or replace function fitting(lead json) returns json
language plpgsql immutable as $$
begin
  if octet_length(lead::text) - (
    select sum(octet_length((lead -> uncounted.name)::text))
    from unnest(array[
      'qualification_reason', 'sla_policy_id', 'sla_due_at', 'sla_state', 'experiments'
    ]) as uncounted (name)
  ) > 53248 then
    raise check_violation using message = 'lead violates check constraint "leads_size"';
  end if;
  return lead;
end
$$;
