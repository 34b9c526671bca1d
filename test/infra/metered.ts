import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type FunctionName, functions } from '../../core/catalogue/functions.ts';
import { entryOf, esbuildOptions } from '../../infra/bundling.ts';
import { startDataApi } from '../../local/data-api/server.ts';
import { startMessages } from '../../local/messages.ts';
import { createDatabase } from '../setup/database.ts';
import { metricLines } from '../setup/emf.ts';
import { startSecretsManager } from '../setup/secrets-manager.ts';
import { startBundle } from './bundle.ts';
import { arns, surroundingsOf } from './surroundings.ts';
import { synthesise } from './template.ts';

const names = Object.keys(functions) as FunctionName[];

/** The functions as they are deployed, each told what the template tells, and what they write. */
export async function startMetered(signing: string) {
  const stack = synthesise();
  const folder = await mkdtemp(join(tmpdir(), 'leadpulse-metrics-'));
  const entryPoints = Object.fromEntries(names.map((name) => [name, entryOf(name)]));
  const outExtension = { '.js': '.mjs' };
  await build({ ...esbuildOptions, entryPoints, outdir: folder, outExtension });
  const database = await createDatabase();
  const dataApi = await startDataApi({ databaseUrl: database.url });
  const messages = await startMessages();
  const key = { arn: arns.KEY_SECRET_ARN, text: JSON.stringify({ current: signing }) };
  const logins = (['READ', 'WRITE', 'BI'] as const).map((duty) => [
    arns[`DATABASE_${duty}_SECRET_ARN`],
    JSON.stringify({
      username: `metrics_test_${duty.toLowerCase()}`,
      password: 'the password of a test',
    }),
  ]);
  const secrets = await startSecretsManager(key, Object.fromEntries(logins));
  const on = { databaseUrl: database.url, dataApi, secrets, messages };
  const written = new Set<string>();
  return {
    stack,
    dataApi,
    /** Every `function metric` so far. */
    written,
    /**
     * What a function writes of these events, and to what they came; the log at its highest level,
     * so that nothing else is written. What is undefined in `changes` is not in its environment.
     */
    async run(
      name: FunctionName,
      events: readonly unknown[],
      changes: Record<string, string | undefined> = {},
    ) {
      const { Variables } = stack.lambda(name).Properties.Environment;
      const given = { ...surroundingsOf(Variables, on), AWS_LAMBDA_LOG_LEVEL: 'FATAL', ...changes };
      const isSet = (entry: [string, string | undefined]): entry is [string, string] =>
        entry[1] !== undefined;
      const environment = Object.fromEntries(Object.entries(given).filter(isSet));
      const bundle = await startBundle(join(folder, `${name}.mjs`), environment);
      const outcomes = [];
      for (const event of events) {
        if (typeof event === 'function') event();
        else outcomes.push(await bundle.invoke(event).catch((error) => error));
      }
      const lines = await bundle.stop();
      const told = metricLines(lines);
      const metrics = told.flatMap(({ values }) => Object.keys(values));
      for (const metric of metrics) written.add(`${name} ${metric}`);
      return { lines, told, outcomes };
    },
    async close() {
      secrets.close();
      await messages.close();
      await dataApi.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
