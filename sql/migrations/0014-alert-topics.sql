-- Which topics have a message: what failed on one of them is not told a second time on the others.
alter table alert_messages add column topics text[] not null default '{}';

-- What was published before has gone to the only topic there was.
update alert_messages set topics = '{alerts}' where published_at is not null;
