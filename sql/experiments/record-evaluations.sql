-- How many experiments were evaluated by this?
select record_evaluations(:items::jsonb, :scheduled_at::timestamptz) as evaluated
