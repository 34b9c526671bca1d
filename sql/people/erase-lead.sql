-- What is left of the lead after its person was erased?
select erase_lead(:id::uuid, :caller::text, :reference::text, :now::timestamptz) as lead
