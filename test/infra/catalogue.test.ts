import { beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../../core/catalogue/functions.ts';
import { roleNames } from '../../core/catalogue/roles.ts';
import { isOpen, routeKey, routes } from '../../core/catalogue/routes.ts';
import { type Schedule, schedules } from '../../core/catalogue/schedules.ts';
import { referredTo, synthesise } from './template.ts';

let stack: ReturnType<typeof synthesise>;
beforeAll(() => {
  stack = synthesise({ WORKSPACE_TIMEZONE: 'America/New_York' });
});

describe('the template has what the catalogues have, and nothing else', () => {
  test('functions', () => {
    const deployed = stack
      .ofType('AWS::Lambda::Function')
      .filter((lambda) => lambda.Properties.FunctionName)
      .map(({ Properties: p }) => [
        p.FunctionName,
        { summary: p.Description, timeout_seconds: p.Timeout, memory_mb: p.MemorySize },
      ]);
    const listed = Object.entries(functions).map(
      ([name, { summary, timeout_seconds, memory_mb }]) => [
        `leadpulse-dev-${name}`,
        { summary, timeout_seconds, memory_mb },
      ],
    );
    expect(Object.fromEntries(deployed)).toEqual(Object.fromEntries(listed));
    expect(deployed).toHaveLength(listed.length);
  });

  test('one function more: the CDK’s own, which calls migrate at a deployment', () => {
    const nameless = stack
      .ofType('AWS::Lambda::Function')
      .filter((lambda) => !lambda.Properties.FunctionName);
    expect(nameless).toHaveLength(1);
    expect(referredTo(stack.only('Custom::Trigger').Properties.ServiceToken)).toContain(
      nameless[0]?.id,
    );
  });

  test('routes, each to its function, with the authorizer unless it is public or a hook', () => {
    const authorizer = stack.only('AWS::ApiGatewayV2::Authorizer');
    const deployed = stack.ofType('AWS::ApiGatewayV2::Route').map(({ Properties: p }) => {
      const [integrationId] = referredTo(p.Target);
      const integration = stack.resources.find((r) => r.id === integrationId);
      return {
        key: p.RouteKey,
        function: stack.nameOf(integration?.Properties.IntegrationUri),
        authorization: p.AuthorizationType,
        authorizer: p.AuthorizerId && referredTo(p.AuthorizerId).has(authorizer.id),
      };
    });
    const guarded = { authorization: 'CUSTOM', authorizer: true };
    const open = { authorization: 'NONE', authorizer: undefined };
    const listed = routes.map((route) => ({
      key: routeKey(route),
      function: route.function as string,
      ...(isOpen(route) ? open : guarded),
    }));
    listed.push({ key: '$default', function: 'site', ...open });
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
    expect(deployed.sort(byKey)).toEqual(listed.sort(byKey));
  });

  test('groups of people, one for each role, the most powerful one first', () => {
    const groups = stack.ofType('AWS::Cognito::UserPoolGroup').map(({ Properties: p }) => p);
    expect(groups.map((p) => [p.Precedence, p.GroupName])).toEqual([...roleNames.entries()]);
  });

  test('schedules, in the workspace’s zone but the check’s, each told its time', () => {
    const deployed = stack.ofType('AWS::Scheduler::Schedule').map(({ Properties: p }) => ({
      name: p.Name,
      cron: p.ScheduleExpression,
      zone: p.ScheduleExpressionTimezone,
      function: stack.nameOf(p.Target.Arn),
      input: JSON.parse(p.Target.Input),
    }));
    const listed = (schedules as readonly Schedule[]).map((schedule) => ({
      name: schedule.name,
      cron: `cron(${schedule.cron})`,
      zone: schedule.name === 'check-sla' ? 'UTC' : 'America/New_York',
      function: schedule.function,
      input: { scheduled_at: '<aws.scheduler.scheduled-time>' },
    }));
    expect(deployed).toEqual(listed);
  });

  test('the alert rules are checked as often as the setting says', () => {
    const often = synthesise({ checkMinutes: 15 });
    const crons = often
      .ofType('AWS::Scheduler::Schedule')
      .map(({ Properties: p }) => [p.Name, p.ScheduleExpression]);
    expect(Object.fromEntries(crons)).toMatchObject({
      'check-sla': 'cron(0/15 * * * ? *)',
      'refresh-metrics': 'cron(15 4 * * ? *)',
    });
  });

  test('a function of the trigger `schedule` has one, and no other function has', () => {
    const scheduled = Object.entries(functions).filter(
      ([, { trigger }]) => (trigger as string) === 'schedule',
    );
    const used = (schedules as readonly Schedule[]).map((schedule) => schedule.function);
    expect([...new Set<string>(used)].sort()).toEqual(scheduled.map(([name]) => name).sort());
  });
});

describe('the HTTP API', () => {
  test('authorizes by header and route together, for a minute: docs/access.md', () => {
    const { Properties: authorizer } = stack.only('AWS::ApiGatewayV2::Authorizer');
    expect(authorizer).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
    expect(authorizer.AuthorizerResultTtlInSeconds).toBeLessThanOrEqual(60);
    expect(stack.nameOf(authorizer.AuthorizerUri)).toBe('authorize');
  });

  test('gives functions payload 2.0 and may call each of them', () => {
    const integrations = stack.ofType('AWS::ApiGatewayV2::Integration');
    for (const { Properties: p } of integrations) {
      expect(p).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
    const called = stack
      .ofType('AWS::Lambda::Permission')
      .filter((r) => r.Properties.Principal === 'apigateway.amazonaws.com')
      .map((r) => stack.nameOf(r.Properties.FunctionName));
    const used = routes.map((route) => route.function);
    expect(new Set(called)).toEqual(new Set([...used, 'authorize', 'site']));
  });

  test('is throttled, and logs no address, path or query', () => {
    const { Properties: stage } = stack.only('AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(stage.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 100,
    });
    const format = JSON.parse(stage.AccessLogSettings.Format);
    expect(format.route).toBe('$context.routeKey');
    expect(JSON.stringify(format)).not.toMatch(/identity|path|query|protocol|Message/i);
  });
});

test('the outputs say where everything is', () => {
  expect(Object.keys(stack.outputs).sort()).toEqual([
    'AlertTopicArn',
    'ApiUrl',
    'BiSecretArn',
    'DashboardUrl',
    'DatabaseClusterArn',
    'DeadLettersUrl',
    'FailuresUrl',
    'IngestQueueUrl',
    'KeySecretArn',
    'SignInUrl',
    'TokenAudience',
    'TokenIssuer',
    'UndeliveredUrl',
    'UserPoolId',
  ]);
  expect(referredTo(stack.outputs.KeySecretArn)).toEqual(
    new Set([stack.named('AWS::SecretsManager::Secret', 'KeySecret').id]),
  );
});
