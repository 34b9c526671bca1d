-- What a look saw is never changed, nor taken away.
create or replace function guard_look() returns trigger
language plpgsql as $$
begin
  raise check_violation using message =
    'a look violates check constraint "lead_experiment_looks_kept"';
end
$$;

create or replace trigger guard_look
  before update or delete on lead_experiment_looks
  for each row
  execute function guard_look();
