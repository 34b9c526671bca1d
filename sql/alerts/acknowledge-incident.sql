-- What is the incident, now that somebody has it in hand?
select incident
from acknowledge_incident(:id::uuid, :who::text, :now::timestamptz)
