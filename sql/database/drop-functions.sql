-- Which functions of ours are there? Gone, with their triggers, before all are made again.
do $$
declare
  old regprocedure;
begin
  for old in
    select p.oid::regprocedure
    from pg_proc p
    where p.pronamespace = current_schema::regnamespace
      and p.proname in (select s.name from schema_migrations s where s.kind = 'function')
  loop
    if to_regprocedure(old::text) is not null then
      execute format('drop function %s cascade', old);
    end if;
  end loop;
  delete from schema_migrations where kind = 'function';
end
$$
