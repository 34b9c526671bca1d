-- How far along is a stage? Dead is not on the way.
create or replace function stage_rank(stage text) returns integer
language sql immutable parallel safe
return case stage
  when 'new' then 1
  when 'contacted' then 2
  when 'qualified' then 3
  when 'appointment' then 4
  when 'offer' then 5
  when 'closed' then 6
end;
