-- In which order do events of the same moment count?
create or replace function event_rank(event_type text) returns integer
language sql immutable parallel safe
return case event_type
  when 'created' then 1
  when 'assigned' then 2
  when 'scored' then 3
  when 'contacted' then 4
  when 'responded' then 5
  when 'qualified' then 6
  when 'appointment_scheduled' then 7
  when 'offer_made' then 8
  when 'closed' then 9
  when 'dead' then 10
end;
