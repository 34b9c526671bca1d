import { beforeAll, describe, expect, test } from 'vitest';
import { type FunctionEntry, functions } from '../../core/catalogue/functions.ts';
import { type Schedule, schedules } from '../../core/catalogue/schedules.ts';
import { type Resource, referredTo, synthesise } from './template.ts';

let stack: ReturnType<typeof synthesise>;
beforeAll(() => {
  stack = synthesise();
});

/** What a role may do, as `action on logical-id`. */
function allowedTo(roleId: string): string[] {
  const policies = stack
    .ofType('AWS::IAM::Policy')
    .filter((policy) => referredTo(policy.Properties.Roles).has(roleId));
  return policies
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      // What may be done with two things alike is one statement about both.
      [Action]
        .flat()
        .flatMap((action) => [...referredTo(Resource)].map((id) => `${action} on ${id}`)),
    )
    .sort();
}

function roleOf(lambda: Resource): string {
  return [...referredTo(lambda.Properties.Role)][0] ?? '';
}

describe.each(Object.entries<FunctionEntry>(functions))('%s', (name, entry) => {
  test('may use what the catalogue says, and its own log', () => {
    const lambda = stack.lambda(name);
    const cluster = stack.only('AWS::RDS::DBCluster').id;
    const readSecret = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
    const statements = ['Execute', 'BatchExecute'].map((verb) => `rds-data:${verb}Statement`);
    const transactions = ['Begin', 'Commit', 'Rollback'].map((v) => `rds-data:${v}Transaction`);
    const send = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'];
    const consume = ['ChangeMessageVisibility', 'DeleteMessage', 'ReceiveMessage'].map(
      (verb) => `sqs:${verb}`,
    );
    const queue = (name: string) => stack.named('AWS::SQS::Queue', name).id;
    const login = (duty: string) =>
      stack.named('AWS::SecretsManager::Secret', `Database${duty}login`).id;
    const on = (id: string, actions: string[]) => actions.map((action) => `${action} on ${id}`);
    const byUse = {
      'database:read': [
        ...on(cluster, ['rds-data:ExecuteStatement']),
        ...on(login('read'), readSecret),
      ],
      'database:write': [
        ...on(cluster, ['rds-data:ExecuteStatement']),
        ...on(login('write'), readSecret),
      ],
      'database:migrate': [
        ...on(cluster, [...statements, ...transactions, ...readSecret]),
        ...['read', 'write', 'bi'].flatMap((duty) => on(login(duty), readSecret)),
      ],
      'ingest-queue':
        entry.trigger === 'queue'
          ? [
              ...on(queue('IngestQueue'), [...consume, ...send.slice(0, 2)]),
              ...on(queue('IngestQueueDeadLetters'), send),
            ]
          : on(queue('IngestQueue'), send),
      'key-secret': on(stack.named('AWS::SecretsManager::Secret', 'KeySecret').id, readSecret),
      'alert-topic': [
        ...on(stack.only('AWS::SNS::Topic').id, ['sns:Publish', 'sns:GetTopicAttributes']),
        ...on(stack.only('AWS::KMS::Key').id, ['kms:Decrypt', 'kms:GenerateDataKey*']),
      ],
    };
    const log = [...referredTo(lambda.Properties.LoggingConfig.LogGroup)][0] ?? '';
    expect(allowedTo(roleOf(lambda))).toEqual(
      [
        ...on(log, ['logs:CreateLogStream', 'logs:PutLogEvents']),
        ...entry.uses.flatMap((use) => byUse[use]),
        ...(entry.trigger === 'schedule' ? on(queue('FunctionsFailures'), send) : []),
      ].sort(),
    );
  });

  test('is told of its surroundings, and runs on Node 24 and arm64 in no network', () => {
    const { Properties: p } = stack.lambda(name);
    const { Variables } = p.Environment;
    const duty = /database:(\w+)/.exec(String(entry.uses))?.[1];
    const login = (of: string) => ({
      Ref: stack.named('AWS::SecretsManager::Secret', `Database${of}login`).id,
    });
    const owner = {
      'Fn::GetAtt': [stack.only('AWS::RDS::DBCluster').id, 'MasterUserSecret.SecretArn'],
    };
    expect(p).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(p).toMatchObject({ Handler: 'index.handler' });
    expect(p.VpcConfig).toBeUndefined();
    expect(Variables).toEqual({
      DATABASE_CLUSTER_ARN: expect.anything(),
      DATABASE_SECRET_ARN: duty === 'migrate' ? owner : login(String(duty)),
      ...(duty === 'migrate' && {
        DATABASE_READ_SECRET_ARN: login('read'),
        DATABASE_WRITE_SECRET_ARN: login('write'),
        DATABASE_BI_SECRET_ARN: login('bi'),
        BI_SEES_PEOPLE: 'no',
      }),
      DATABASE_NAME: stack.only('AWS::RDS::DBCluster').Properties.DatabaseName,
      INGEST_QUEUE_URL: { Ref: expect.stringMatching(/^IngestQueue[0-9A-F]{8}$/) },
      INGEST_DLQ_URL: { Ref: expect.stringMatching(/^IngestQueueDeadLetters/) },
      ALERT_TOPIC_ARN: { Ref: stack.only('AWS::SNS::Topic').id },
      // What publishes links to the API.
      ...(String(entry.uses).includes('alert-topic') && { API_URL: expect.anything() }),
      KEY_SECRET_ARN: { Ref: stack.named('AWS::SecretsManager::Secret', 'KeySecret').id },
      TOKEN_ISSUER: { 'Fn::GetAtt': [stack.only('AWS::Cognito::UserPool').id, 'ProviderURL'] },
      TOKEN_AUDIENCE: { Ref: stack.only('AWS::Cognito::UserPoolClient').id },
      WORKSPACE_TIMEZONE: 'UTC',
      WORKSPACE_CURRENCY: 'USD',
      DEFAULT_COUNTRY: 'US',
      METRICS_SERVICE: 'leadpulse-dev',
      METRICS_FUNCTION: name,
      RETAIN_RECORDS_DAYS: '365',
      RETAIN_AUDIT_DAYS: '365',
    });
    expect(stack.resources.find((r) => r.id === [...referredTo(p.LoggingConfig)][0])).toMatchObject(
      { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
    );
  });
});

describe('schedules', () => {
  test('each may call its function and keep what is not delivered, for this group alone', () => {
    const group = stack.only('AWS::Scheduler::ScheduleGroup').id;
    for (const { name, function: called } of schedules as readonly Schedule[]) {
      const schedule = stack
        .ofType('AWS::Scheduler::Schedule')
        .find((r) => r.Properties.Name === name);
      const target = schedule?.Properties.Target;
      const [roleId = ''] = referredTo(target.RoleArn);
      const [queueId = ''] = referredTo(target.DeadLetterConfig);
      expect(target.RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(stack.resources.find((r) => r.id === queueId)?.Type).toBe('AWS::SQS::Queue');
      expect(allowedTo(roleId)).toEqual([
        `lambda:InvokeFunction on ${stack.lambda(called).id}`,
        `sqs:SendMessage on ${queueId}`,
      ]);
      const role = stack.resources.find((r) => r.id === roleId);
      const [trust] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
      expect(trust.Principal).toEqual({ Service: 'scheduler.amazonaws.com' });
      expect(referredTo(trust.Condition.StringEquals['aws:SourceArn'])).toEqual(new Set([group]));
    }
  });

  test('what a function does not manage in three tries within the hour is kept', () => {
    const configs = stack.ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties: p }) => ({
      function: stack.nameOf({ Ref: [...referredTo(p.FunctionName)][0] }),
      tries: 1 + p.MaximumRetryAttempts,
      seconds: p.MaximumEventAgeInSeconds,
      kept: referredTo(p.DestinationConfig.OnFailure).size,
    }));
    const scheduled = Object.entries<FunctionEntry>(functions)
      .filter(([, entry]) => entry.trigger === 'schedule')
      .map(([name]) => ({ function: name, tries: 3, seconds: 3600, kept: 1 }));
    expect(configs).toEqual(scheduled);
  });
});

describe('nothing is allowed on everything', () => {
  const allows = () =>
    stack.resources
      .flatMap(({ id, Type, Properties: p }) =>
        [
          p.PolicyDocument,
          p.KeyPolicy,
          ...[p.Policies ?? []].flat().map((x: Resource['Properties']) => x.PolicyDocument),
        ]
          .flatMap((document) => document?.Statement ?? [])
          .map((statement) => ({ id, Type, ...statement })),
      )
      .filter((statement) => statement.Effect === 'Allow');

  const bare = () =>
    allows().filter(({ Action, Resource, Principal }) =>
      [Action, Resource, Principal].flat().some((value) => value === '*' || value?.AWS === '*'),
    );

  test('a bare * is for traces, which AWS gives no resource, once in each role', () => {
    const ofRoles = bare().filter(({ Type }) => Type === 'AWS::IAM::Policy');
    expect(ofRoles).toHaveLength(Object.keys(functions).length);
    for (const { Action } of ofRoles) {
      expect(Action).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    }
    for (const name of Object.keys(functions)) {
      expect(stack.lambda(name).Properties.TracingConfig).toEqual({ Mode: 'Active' });
    }
  });

  test('else it is only in the key’s policy, where it means the key itself', () => {
    const others = bare().filter(({ Type }) => Type !== 'AWS::IAM::Policy');
    expect(
      others.map(({ Type, Action, Principal }) => [Type, Action, referredTo(Principal)]),
    ).toEqual([
      ['AWS::KMS::Key', 'kms:*', new Set()],
      // CloudWatch, which tells of alarms through the encrypted topic.
      ['AWS::KMS::Key', ['kms:Decrypt', 'kms:GenerateDataKey*'], new Set()],
    ]);
  });

  test('a partial one is for data keys of the one key, and for the versions of migrate', () => {
    const actions = allows()
      .filter(({ Type }) => Type !== 'AWS::KMS::Key')
      .flatMap(({ Action }) => [Action].flat())
      .filter((action) => action.includes('*'));
    expect([...new Set(actions)].filter((a) => a !== 'kms:GenerateDataKey*')).toEqual([]);
    const partial = allows().filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    const others = partial.filter(
      ({ Type, Resource }) => Type !== 'AWS::KMS::Key' && Resource !== '*',
    );
    expect(others.map(({ Action, Resource }) => [Action, stack.nameOf(Resource)])).toEqual([
      [['lambda:InvokeFunction'], 'migrate'],
    ]);
  });

  test('a policy of AWS is used by the CDK’s own function alone, to write its log', () => {
    const roles = stack.ofType('AWS::IAM::Role').filter((r) => r.Properties.ManagedPolicyArns);
    expect(roles.map((role) => role.Properties.ManagedPolicyArns.length)).toEqual([1]);
    expect(JSON.stringify(roles)).toContain('AWSLambdaBasicExecutionRole');
  });
});
