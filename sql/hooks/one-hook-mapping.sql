-- How is this source read?
select hook_mapping_json(m) as item
from hook_mappings m
where m.source = :source::text
