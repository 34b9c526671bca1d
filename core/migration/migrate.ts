import { createHash } from 'node:crypto';
import createRecord from '../../sql/database/create-migration-record.sql' with { type: 'text' };
import dropFunctions from '../../sql/database/drop-functions.sql' with { type: 'text' };
import lockRecord from '../../sql/database/lock-migration-record.sql' with { type: 'text' };
import readRecord from '../../sql/database/read-migration-record.sql' with { type: 'text' };
import setWorkspace from '../../sql/database/set-workspace.sql' with { type: 'text' };
import staleMetrics from '../../sql/database/stale-metrics.sql' with { type: 'text' };
import takeTurn from '../../sql/database/take-turn.sql' with { type: 'text' };
import writeRecord from '../../sql/database/write-migration-record.sql' with { type: 'text' };
import { type Execute, query, transaction } from '../database/client.ts';
import { splitStatements } from '../database/sql-text.ts';
import { refreshMetrics } from '../jobs/refresh-metrics.ts';
import { settings } from '../settings.ts';
import { sqlFunctions } from './files.ts';
import { migrations, type SqlFile } from './migrations.ts';
import { setRoles } from './roles.ts';

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
  const recorded = await transaction(prepareRecord);
  const done: MigrationResult = { migrations: [], functions: [] };
  // What is recorded stays so: where there is nothing to do, no migration costs a call.
  const pending = migrations.filter(([name, text]) => recorded.get(name) !== sha256(text));
  for (const file of pending) {
    if (await transaction((execute) => applyMigration(execute, file))) {
      done.migrations.push(file[0]);
    }
  }
  done.functions = await transaction(applyFunctions);
  const { WORKSPACE_TIMEZONE, WORKSPACE_CURRENCY } = settings();
  await query(setWorkspace, { timezone: WORKSPACE_TIMEZONE, currency: WORKSPACE_CURRENCY }, 'job');
  await rebuildMetrics();
  await setRoles();
  return done;
}

/** Asks the last refresh, not what changed just now: a run that was killed here is made good. */
async function rebuildMetrics(): Promise<void> {
  const stale = await query(staleMetrics, {}, 'job');
  if (stale.length > 0) await refreshMetrics(new Date().toISOString());
}

/** Of two `create table if not exists` at once one fails on the catalogue: they take turns. */
async function prepareRecord(execute: Execute): Promise<Recorded> {
  await execute(takeTurn);
  await execute(createRecord);
  return recordedTexts(execute, 'migration');
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

/**
 * Replaces the functions whose text changed. Only where one changed its arguments or columns, which
 * PostgreSQL cannot replace, or went, are all dropped and made again.
 */
async function applyFunctions(execute: Execute): Promise<string[]> {
  await execute(lockRecord);
  const recorded = await recordedTexts(execute, 'function');
  const known = new Set(sqlFunctions.map(([name]) => name));
  const changed = sqlFunctions.filter(([name, text]) => recorded.get(name) !== functionHash(text));
  const anew =
    [...recorded.keys()].some((name) => !known.has(name)) ||
    changed.some(([name, text]) => headOf(recorded.get(name)) !== headOf(functionHash(text)));
  if (anew && recorded.size > 0) await execute(dropFunctions);
  for (const file of anew ? sqlFunctions : changed) await apply(execute, 'function', file);
  return changed.map(([name]) => name);
}

/** A hash of all but the body, triggers included, and one of everything. */
function functionHash(text: string): string {
  const head = text.replaceAll(/\$\$[\s\S]*?\$\$|^--.*$/gm, '');
  return `${sha256(head)} ${sha256(text)}`;
}

function headOf(hash: string | undefined): string | undefined {
  return hash?.split(' ')[0];
}

async function apply(execute: Execute, kind: string, [name, text]: SqlFile): Promise<void> {
  for (const statement of splitStatements(text)) await execute(statement);
  const hash = kind === 'function' ? functionHash(text) : sha256(text);
  await execute(writeRecord, { kind, name, sha256: hash });
}

async function recordedTexts(execute: Execute, kind: string): Promise<Recorded> {
  const rows = await execute<{ name: string; sha256: string }>(readRecord, { kind });
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
