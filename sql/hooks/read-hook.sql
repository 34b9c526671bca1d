-- What does a hook need to take in what this source sends?
select m.mapping, m.authenticity, to_json(m.secrets) as secrets
from hook_mappings m
where m.source = :source::text and m.enabled
