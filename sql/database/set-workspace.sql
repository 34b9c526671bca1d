-- In which zone and currency does this workspace count? Writes only what changed.
update workspace
set timezone = :timezone::text, currency = :currency::text
where (timezone, currency) is distinct from (:timezone::text, :currency::text)
returning timezone, currency
