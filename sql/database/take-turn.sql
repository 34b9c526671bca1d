-- Whose turn is it to make the table that says what ran? Held to the end of the transaction.
select pg_advisory_xact_lock(hashtext('leadpulse migrate'))::text as turn
