-- Which lead does a source know by this external id, also after its person was erased? Asked so
-- that one index alone can answer, by what is left of an id when it is erased. By the id itself a
-- plan read others from end to end until the table was analyzed anew: the one on the source, and,
-- made while hardly a lead had an id, the one on ids (16 million rows for 4,000 look-ups).
create or replace function known_lead(source text, external_id text) returns uuid
language sql stable as $$
  select k.id
  from leads k
  where erased_id(k.external_id) = erased_id(known_lead.external_id)
    and coalesce(k.source = known_lead.source, false)
$$;
