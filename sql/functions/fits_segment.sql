-- Is this lead among those that an experiment is for? A field's value, or any of a list of them;
-- what is not named is no matter. Null: all leads are. A filter that cannot be read fits nobody.
create or replace function fits_segment(l leads, segment jsonb) returns boolean
language sql immutable as $$
  select
    jsonb_typeof(coalesce(segment, '{}')) in ('object', 'null')
    and coalesce(bool_and(coalesce(
      case jsonb_typeof(f.wanted) when 'array' then f.wanted else jsonb_build_array(f.wanted) end
        @> (
          jsonb_build_object(
            'source', l.source,
            'utm_source', l.utm_source,
            'utm_medium', l.utm_medium,
            'utm_campaign', l.utm_campaign,
            'property_city', l.property_city,
            'property_state', l.property_state,
            'property_zip', l.property_zip,
            'quality_score', l.quality_score
          ) -> f.field
        ),
      false
    )), true)
  from jsonb_each(case jsonb_typeof(segment) when 'object' then segment end) as f (field, wanted)
$$;
