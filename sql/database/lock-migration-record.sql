-- Whose turn is it? Held to the end of the transaction; reading goes on beside it.
lock table schema_migrations in share row exclusive mode
