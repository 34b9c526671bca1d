-- How much better was it with this skill, on average over its experiments that were decided? More
-- is better, also of a shorter time. One that could not be believed, or has no lift, is left out.
create or replace function count_skill_lift(skill_id uuid) returns numeric
language sql as $$
  update lead_skills s
  set
    avg_improvement_lift = (
      select
        round(
          avg(
            case when x.primary_metric in ('time_to_contact', 'dead_rate')
              then -x.lift_percentage
              else x.lift_percentage
            end
          ),
          2
        )
      from lead_experiments x
      where x.skill_id = s.id
        and x.decision is not null
        and coalesce(x.decision_code, '') not like 'INVALID%'
        and x.decision_code is distinct from 'STOPPED'
    )
  where s.id = count_skill_lift.skill_id
  returning s.avg_improvement_lift
$$;
