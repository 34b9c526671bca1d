import { createHash } from 'node:crypto';
import createRecord from '../../sql/database/create-migration-record.sql' with { type: 'text' };
import dropFunctions from '../../sql/database/drop-functions.sql' with { type: 'text' };
import lockRecord from '../../sql/database/lock-migration-record.sql' with { type: 'text' };
import readRecord from '../../sql/database/read-migration-record.sql' with { type: 'text' };
import setWorkspace from '../../sql/database/set-workspace.sql' with { type: 'text' };
import staleMetrics from '../../sql/database/stale-metrics.sql' with { type: 'text' };
import takeTurn from '../../sql/database/take-turn.sql' with { type: 'text' };
import writeRecord from '../../sql/database/write-migration-record.sql' with { type: 'text' };
import { refreshMetrics } from '../jobs/refresh-metrics.ts';
import { settings } from '../settings.ts';
import { type Execute, query, transaction } from './client.ts';
import { migrations, type SqlFile, sqlFunctions } from './migrations.ts';
import { splitStatements } from './sql-text.ts';

/** What a run of `migrate` changed, by name. Both empty: everything was in place. */
export interface MigrationResult {
  migrations: string[];
  functions: string[];
}

type Recorded = Map<string, string>;

/**
 * Brings the database to what this code expects: migrations that did not run yet, each in one
 * transaction; functions whose text changed; the workspace's zone and currency from the settings;
 * lead_metrics, where its days are another zone's. Two that start at once take turns; a database
 * that is waking up is waited for. Throws when a migration that already ran was edited since.
 */
export async function migrate(): Promise<MigrationResult> {
  await transaction(prepareRecord);
  const done: MigrationResult = { migrations: [], functions: [] };
  for (const file of migrations) {
    if (await transaction((execute) => applyMigration(execute, file))) {
      done.migrations.push(file[0]);
    }
  }
  done.functions = await transaction(applyFunctions);
  const { WORKSPACE_TIMEZONE, WORKSPACE_CURRENCY } = settings();
  await query(setWorkspace, { timezone: WORKSPACE_TIMEZONE, currency: WORKSPACE_CURRENCY }, 'job');
  await rebuildMetrics();
  return done;
}

/** Asks the last refresh, not what changed just now: a run that was killed here is made good. */
async function rebuildMetrics(): Promise<void> {
  const stale = await query(staleMetrics, {}, 'job');
  if (stale.length > 0) await refreshMetrics(new Date().toISOString());
}

/** Of two `create table if not exists` at once one fails on the catalogue: they take turns. */
async function prepareRecord(execute: Execute): Promise<void> {
  await execute(takeTurn);
  await execute(createRecord);
}

async function applyMigration(execute: Execute, file: SqlFile): Promise<boolean> {
  const [name, text] = file;
  await execute(lockRecord);
  const recorded = (await recordedTexts(execute, 'migration')).get(name);
  if (recorded === sha256(text)) return false;
  if (recorded !== undefined) {
    throw new Error(
      `migration ${name} was edited after it ran on this database: write a new one, or, where ` +
        'the data is worth nothing, start on an empty database (on one machine: remove .leadpulse)',
    );
  }
  await apply(execute, 'migration', file);
  return true;
}

async function applyFunctions(execute: Execute): Promise<string[]> {
  await execute(lockRecord);
  const recorded = await recordedTexts(execute, 'function');
  const changed = sqlFunctions.filter(([name, text]) => recorded.get(name) !== sha256(text));
  if (changed.length === 0 && recorded.size === sqlFunctions.length) return [];
  await execute(dropFunctions);
  for (const file of sqlFunctions) await apply(execute, 'function', file);
  return changed.map(([name]) => name);
}

async function apply(execute: Execute, kind: string, [name, text]: SqlFile): Promise<void> {
  for (const statement of splitStatements(text)) await execute(statement);
  await execute(writeRecord, { kind, name, sha256: sha256(text) });
}

async function recordedTexts(execute: Execute, kind: string): Promise<Recorded> {
  const rows = await execute<{ name: string; sha256: string }>(readRecord, { kind });
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
