-- Which leads are these, newest first? The filters mean what the reports' columns mean, so that a
-- count opens to its leads. A first row alone carries the total where no lead matches. Cut before
-- the answer outgrows the Data API's 1 MiB: lengths are those of the text inside a JSON answer.
with bounds as (
  select
    w.timezone,
    coalesce(
      day_start(
        case :basis::text
          when 'created' then greatest(:from::date, :created_on::date)
          else :from::date
        end, w.timezone
      ), '-infinity'
    ) as starts_at,
    coalesce(
      day_start(
        case :basis::text
          when 'created' then least(:to::date, :created_on::date + 1)
          else :to::date
        end, w.timezone
      ), 'infinity'
    ) as ends_at
  from workspace w
),
-- Not materialized: a page reads the index from its cursor on and stops, however many match. That
-- works with bounds that are values of their own; in a join the rows would have no order.
matching as not materialized (
  select l.id, l.created_at
  from report_leads(
    '-infinity', 'infinity', coalesce(:as_of::timestamptz, :now::timestamptz), :basis::text,
    :source::text, :agent_id::text, :quality_score::text, :utm_campaign::text, :include::text,
    :viewer_agent_id::uuid
  ) as l
  cross join lateral (
    select
      case :basis::text
        when 'created' then l.created_at
        when 'due' then l.sla_due_at
        else l.converted_at
      end,
      case when :human_only::boolean then l.human_contact_at else l.contacted_at end
  ) as c (counted_at, contact_at)
  where c.counted_at >= (select b.starts_at from bounds b)
    and c.counted_at < (select b.ends_at from bounds b)
    and (
      :stage::text is null
      or case :stage::text
        when 'dead' then l.is_dead
        else not l.is_dead and l.reached = stage_rank(:stage::text)
      end
    )
    and (:reached::text is null or l.reached >= stage_rank(:reached::text))
    and (:converted::boolean is null or (l.converted_at is not null) = :converted::boolean)
    and (
      :waiting::boolean is null
      or (
        not l.is_dead
        and case when :human_only::boolean then c.contact_at is null else l.reached = 1 end
      ) = :waiting::boolean
    )
    and (:sla_state::text is null or l.sla_state = any (string_to_array(:sla_state::text, ',')))
    and (
      :sla_policy_id::text is null
      or l.sla_policy_id = nullif(:sla_policy_id::text, 'none')::uuid
      or (:sla_policy_id::text = 'none' and l.sla_policy_id is null)
    )
    and (:answered::boolean is null or (c.contact_at is not null) = :answered::boolean)
    and (:died_at::text is null or (l.is_dead and l.reached = stage_rank(:died_at::text)))
    and (
      :responded_within_minutes::float8 is null
      or (
        l.age >= make_interval(secs => 60 * :responded_within_minutes::float8)
        and c.contact_at - l.created_at
          < make_interval(secs => 60 * :responded_within_minutes::float8)
      )
    )
    and (
      :contacted_by_minutes::float8 is null
      or c.contact_at - l.created_at <= make_interval(secs => 60 * :contacted_by_minutes::float8)
    )
    and (
      :at_risk_minutes::float8 is null
      or (
        l.age >= make_interval(secs => 60 * :at_risk_minutes::float8)
        and coalesce(
          c.contact_at - l.created_at >= make_interval(secs => 60 * :at_risk_minutes::float8), true
        )
      )
    )
    and case :finding::text
      when 'events_before_creation' then l.has_early_event
      when 'closed_without_contact' then l.closed_without_contact
      else true
    end
    and (
      :created_on::date is null
      or (l.created_at at time zone (select b.timezone from bounds b))::date = :created_on::date
    )
    and (
      :q::text is null
      or l.id in (
        select found.id
        from leads found
        where found.search_text like '%' || replace(replace(replace(
          lower(:q::text), '\', '\\'), '%', '\%'), '_', '\_') || '%'
      )
    )
    and (
      :duplicate_of::uuid is null
      or l.id in (
        select d.id
        from leads d
        where d.duplicate_of = shown_original(:duplicate_of::uuid, :viewer_agent_id::uuid)
      )
    )
    and (
      :experiment_id::uuid is null
      or l.id in (
        select a.lead_id
        from lead_experiment_assignments a
        where a.experiment_id = :experiment_id::uuid
          and (:group_name::text is null or a.group_name = :group_name::text)
      )
    )
),
page as (
  select m.id, m.created_at
  from matching m
  where :cursor_at::timestamptz is null
    or (
      -- By a row alone the index is not entered at the cursor, but walked to it from its end.
      m.created_at < :cursor_at::timestamptz + interval '1 microsecond'
      and (m.created_at, m.id) < (:cursor_at::timestamptz, :cursor_id::uuid)
    )
  order by m.created_at desc, m.id desc
  limit :limit::integer + 1
),
measured as (
  select
    p.id,
    p.created_at,
    shown.item,
    sum(octet_length(to_json(shown.item::text)::text) + 128) over (
      order by p.created_at desc, p.id desc
    ) as bytes
  from page p
  -- One by one, since a join with a thousand would read the whole table; and as CSV with the notes.
  cross join lateral (
    select case :format::text
      when 'csv' then (
        left(lead_summary(
          l, :viewer_agent_id::uuid, coalesce(:as_of::timestamptz, :now::timestamptz)
        )::text, -1)
        || ',"notes":' || coalesce(to_json(l.notes)::text, 'null')
        || '}'
      )::json
      else lead_summary(
          l, :viewer_agent_id::uuid, coalesce(:as_of::timestamptz, :now::timestamptz)
        )
    end
    from leads l
    where l.id = p.id
    limit 1
  ) as shown (item)
)
select t.total, (select count(*) from page) as available, m.item, m.created_at, m.id
from (
  select case when :counted::boolean then (select count(*) from matching) end as total
) as t
left join measured m on m.bytes < 900000
order by m.created_at desc, m.id desc
