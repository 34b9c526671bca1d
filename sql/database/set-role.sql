-- What is the role of this duty called?
select set_database_role(:duty::text, :username::text, :password::text) as role
