import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import * as z from 'zod/mini';
import { digestMessage } from '../core/alerts/digest.ts';
import { alertMessage } from '../core/alerts/message.ts';
import { experimentMessage } from '../core/experiments/announcement.ts';
import { sqlFunctions } from '../core/migration/files.ts';
import { migrations } from '../core/migration/migrations.ts';
import { alarmGuide } from './setup/alarm-guide.ts';
import { openapi } from './setup/openapi.ts';
import { reference } from './setup/reference.ts';
import { dumpSchema } from './setup/schema-dump.ts';

/** What git knows, and what is new and not ignored. */
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--deduplicate'])
  .toString()
  .split('\n')
  .filter((file) => /\.(ts|mjs|sql|md|json)$/.test(file) && existsSync(file));
const text = (file: string) => readFileSync(file, 'utf8');
const lines = (file: string) => text(file).split('\n').length - 1;
const below = (room: string, ending: string) =>
  files.filter((file) => file.startsWith(`${room}/`) && file.endsWith(ending));
const code = files.filter(
  (file) => /\.(ts|mjs)$/.test(file) || (file.startsWith('sql/') && file.endsWith('.sql')),
);

describe('the house', () => {
  test('no file is longer than 250 lines, no function file than 25', () => {
    // What the database adds up to is one list; the first migration reads like the seed.
    const lists = ['sql/schema.sql', 'sql/migrations/0001-pipeline.sql'];
    expect(code.filter((file) => lines(file) > 250 && !lists.includes(file))).toEqual([]);
    expect(below('functions', '.ts').filter((file) => lines(file) > 25)).toEqual([]);
  });

  test('no line of code is longer than 100 characters', () => {
    const long = code
      .filter((file) => file !== 'sql/schema.sql')
      .flatMap((file) =>
        text(file)
          .split('\n')
          .flatMap((line, index) => (line.length > 100 ? [`${file}:${index + 1}`] : [])),
      );
    expect(long).toEqual([]);
  });

  test.each([
    ['core', '.ts', 14000],
    ['sql', '.sql', 8800],
    ['local', '.ts', 4400],
    ['demo', '.ts', 1400],
    ['functions', '.ts', 300],
    ['infra', '.ts', 2000],
    ['transfer', '.ts', 2100],
  ] as const)('%s stays small', (room, ending, most) => {
    const sources = below(room, ending).filter((file) => file !== 'sql/schema.sql');
    expect(sources.reduce((sum, file) => sum + lines(file), 0)).toBeLessThanOrEqual(most);
  });

  test('every SQL file is imported, and begins with the question it answers', () => {
    const sources = [...below('core', '.ts'), ...below('test', '.ts')].map(text).join('\n');
    const sql = below('sql', '.sql').filter((file) => file !== 'sql/schema.sql');
    expect(sql.filter((file) => !sources.includes(`/${file}'`))).toEqual([]);
    expect(sql.filter((file) => !text(file).startsWith('-- '))).toEqual([]);
  });

  test('migrations are numbered without gaps; a function has the name of its file', () => {
    const numbers = migrations.map(([name]) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    for (const [name, sql] of migrations) {
      expect(sql).toBe(text(`sql/migrations/${name}.sql`));
    }
    for (const [name, sql] of sqlFunctions) {
      expect(sql).toBe(text(`sql/functions/${name}.sql`));
      expect(sql.match(/create or replace function (\w+)/g)).toEqual([
        `create or replace function ${name}`,
      ]);
    }
  });

  test('no name says nothing: utils, common, helpers, manager', () => {
    const empty = /(^|\/)(utils?|common|helpers?|manager)(\.|\/)/i;
    expect(files.filter((file) => empty.test(file))).toEqual([]);
  });

  test('docs/openapi.json is what the routes and schemas say', async () => {
    const document = `${JSON.stringify(openapi, null, 2)}\n`;
    await expect(document).toMatchFileSnapshot('../docs/openapi.json');
  });

  test('docs/reference.md is what the catalogues say', async () => {
    await expect(reference()).toMatchFileSnapshot('../docs/reference.md');
  });

  test('docs/alert-message.json is the schema of alerts', async () => {
    const schema = `${JSON.stringify(z.toJSONSchema(alertMessage), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../docs/alert-message.json');
  });

  test('docs/experiment-message.json is the schema of what experiments tell', async () => {
    const schema = `${JSON.stringify(z.toJSONSchema(experimentMessage), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../docs/experiment-message.json');
  });

  test('docs/digest-message.json is the schema of digests', async () => {
    const schema = `${JSON.stringify(z.toJSONSchema(digestMessage), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../docs/digest-message.json');
  });

  test('docs/alarms.md is what the catalogues say', async () => {
    await expect(alarmGuide()).toMatchFileSnapshot('../docs/alarms.md');
  });

  // `npm run snapshots` writes all six anew.
  test('sql/schema.sql is what the migrations add up to', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${inject('templateDatabase')}`;
    await expect(await dumpSchema(url.href)).toMatchFileSnapshot('../sql/schema.sql');
  });
});
