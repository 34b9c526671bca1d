import { beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../../core/catalogue/functions.ts';
import { type Resource, referredTo, synthesise } from './template.ts';

let stack: ReturnType<typeof synthesise>;
let run: Resource;
beforeAll(() => {
  stack = synthesise();
  run = stack.only('Custom::Trigger');
});

describe('a deployment migrates before it serves', () => {
  test('migrate runs once the database answers', () => {
    const before = stack.before(run.id);
    expect(before).toContain(stack.only('AWS::RDS::DBInstance').id);
    expect(before).toContain(stack.lambda('migrate').id);
  });

  test('every other function is touched only after it has run', () => {
    const served = Object.keys(functions).filter((name) => name !== 'migrate');
    for (const name of served) expect(stack.lambda(name).DependsOn).toContain(run.id);
    expect(stack.before(stack.lambda('migrate').id)).not.toContain(run.id);
  });

  test('so are routes, the authorizer and schedules', () => {
    const kinds = ['ApiGatewayV2::Route', 'ApiGatewayV2::Authorizer', 'Scheduler::Schedule'];
    const last = kinds.flatMap((kind) => stack.ofType(`AWS::${kind}`));
    for (const { id } of last) expect(stack.before(id)).toContain(run.id);
  });

  test('it waits as long as migrate may take, and a deployment not much longer', () => {
    const { timeout_seconds } = functions.migrate;
    expect(run.Properties).toMatchObject({
      InvocationType: 'RequestResponse',
      Timeout: `${timeout_seconds * 1000}`,
      ServiceTimeout: timeout_seconds + 60,
    });
  });

  test('another environment is another version and another run, the same one is none', () => {
    const versionWith = (context: Record<string, string>) =>
      referredTo(synthesise(context).only('Custom::Trigger').Properties.HandlerArn);
    expect(stack.only('AWS::Lambda::Version').id).toBe(
      [...referredTo(run.Properties.HandlerArn)][0],
    );
    expect(versionWith({})).toEqual(referredTo(run.Properties.HandlerArn));
    expect(versionWith({ WORKSPACE_TIMEZONE: 'America/Sao_Paulo' })).not.toEqual(
      referredTo(run.Properties.HandlerArn),
    );
  });
});
