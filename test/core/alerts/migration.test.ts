import { expect, test } from 'vitest';
import { migrations } from '../../../core/migration/migrations.ts';
import { createDatabase } from '../../setup/database.ts';

test('rules keep what they said; what nobody heard is left to incidents', async () => {
  const db = await createDatabase('empty');
  const before = migrations.findIndex(([name]) => name.endsWith('-incidents'));
  const sqlOf = (from: number, to: number) => migrations.slice(from, to).map(([, sql]) => sql);
  for (const sql of sqlOf(0, before)) await db.sql(sql);
  await db.sql(`update alert_rules set enabled = false, threshold = 3 where name like 'av%'`);
  await db.sql(
    `insert into alert_messages (id, rule, scheduled_at, metric, severity, body, published_at)
     values ('a:1', 'a', '2026-03-10 11:00Z', 'm', 'info', '{"version": 1}', now()),
       ('a:2', 'a', '2026-03-10 12:00Z', 'm', 'info', '{"version": 1}', null)`,
  );
  for (const sql of sqlOf(before, migrations.length)) await db.sql(sql);
  const rules = await db.sql(
    `select name, active, threshold::float8, id is not null as has_id, recover_threshold
     from alert_rules order by name`,
  );
  const since = { has_id: true, recover_threshold: null };
  expect(rules).toEqual([
    { name: 'average-response', active: false, threshold: 3, ...since },
    { name: 'oldest-waiting', active: true, threshold: 1440, ...since },
  ]);
  expect(await db.sql('select id from alert_messages')).toEqual([{ id: 'a:1' }]);
  await db.close();
});
