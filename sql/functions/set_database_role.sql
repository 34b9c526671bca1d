-- What is the role called by which functions of this duty log in? It may do what they need on the
-- tables there are now: `read` sees them, but for the secrets of hooks; `write` adds and changes
-- rows, takes away only records that grow old, and refreshes the view; `bi` and `bi_people` are no
-- function's: see grant_bi. Names and passwords cannot be bound in such statements, so they are
-- quoted by format().
create or replace function set_database_role(duty text, username text, password text) returns text
language plpgsql as $$
begin
  if not exists (select from pg_roles r where r.rolname = username) then
    execute format('create role %I', username);
  end if;
  execute format('alter role %I login password %L', username, password);
  execute format('grant usage on schema public to %I', username);
  execute format('revoke all on all tables in schema public from %I', username);
  if duty in ('bi', 'bi_people') then
    return grant_bi(username, duty = 'bi_people');
  end if;
  execute format('grant select on all tables in schema public to %I', username);
  if duty = 'read' then
    execute format('revoke select on hook_mappings from %I', username);
    return username;
  end if;
  execute format('grant insert, update on all tables in schema public to %I', username);
  execute format('revoke insert, update on schema_migrations, workspace from %I', username);
  execute format(
    'grant delete on idempotency_keys, job_runs, metric_refreshes, alert_messages, incidents,
      audit_log to %I',
    username
  );
  execute format('grant maintain on lead_metrics to %I', username);
  return username;
end
$$;
