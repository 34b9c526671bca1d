-- Which event moves a lead to this stage?
create or replace function event_of_stage(stage text) returns text
language sql immutable parallel safe
return case stage
  when 'appointment' then 'appointment_scheduled'
  when 'offer' then 'offer_made'
  when 'new' then 'created'
  else stage
end;
