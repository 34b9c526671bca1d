-- Which keys are revoked, from when on, and which active agents are which persons?
select k.id, k.revoked_at, null::text as subject
from api_keys k
where k.revoked_at is not null
union all
select a.id::text, null, a.identity_subject
from agent_profiles a
where a.active and a.identity_subject is not null
