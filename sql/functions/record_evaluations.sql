-- How many of these experiments were evaluated by this? Each with what is wrong with it and, where
-- it was looked at as planned or ends, its result. One that was evaluated on this day of the
-- workspace, or is over, stays as it is: the job may run as often as it likes.
create or replace function record_evaluations(items jsonb, at timestamptz) returns integer
language plpgsql as $$
declare
  item jsonb;
  evaluated integer := 0;
  zone text := (select w.timezone from workspace w);
begin
  for item in select i.value from jsonb_array_elements(items) as i (value) order by i.value ->> 'id'
  loop
    update lead_experiments x
    set
      evaluated_at = at,
      warnings = array(select jsonb_array_elements_text(item -> 'warnings'))
    where x.id = (item ->> 'id')::uuid
      and x.status in ('running', 'paused')
      and (
        x.evaluated_at is null
        or (x.evaluated_at at time zone zone)::date < (at at time zone zone)::date
      );
    continue when not found;

    evaluated := evaluated + 1;
    if (item ->> 'ends')::boolean then
      perform end_experiment((item ->> 'id')::uuid, item -> 'result', at);
    elsif item -> 'result' is not null then
      perform add_look((item ->> 'id')::uuid, item -> 'result', at);
    end if;
  end loop;

  update lead_skills s
  set total_leads_processed = n.leads
  from (
    select k.id, count(distinct e.lead_id) as leads
    from lead_skills k
    left join lead_events e on e.skill_id = k.id and e.voided_at is null
    group by k.id
  ) as n
  where s.id = n.id and s.total_leads_processed <> n.leads;
  return evaluated;
end
$$;
