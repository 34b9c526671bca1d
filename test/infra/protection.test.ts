import { beforeAll, describe, expect, test } from 'vitest';
import { referredTo, synthesise } from './template.ts';

let dev: ReturnType<typeof synthesise>;
let prod: ReturnType<typeof synthesise>;
beforeAll(() => {
  dev = synthesise();
  prod = synthesise({ stage: 'prod', alertEmails: ['ada@example.com', 'bob@example.com'] });
});

describe('the database', () => {
  test('is Aurora PostgreSQL 18.4, Serverless v2, with the Data API', () => {
    const { Properties: cluster } = prod.only('AWS::RDS::DBCluster');
    expect(cluster).toMatchObject({
      Engine: 'aurora-postgresql',
      EngineVersion: '18.4',
      EnableHttpEndpoint: true,
      ManageMasterUserPassword: true,
      StorageEncrypted: true,
      EnableCloudwatchLogsExports: ['postgresql'],
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
    });
    expect(cluster.MasterUserPassword).toBeUndefined();
    expect(prod.only('AWS::RDS::DBInstance').Properties).toMatchObject({
      DBInstanceClass: 'db.serverless',
      PubliclyAccessible: false,
    });
  });

  test('is kept in prod and thrown away in dev', () => {
    expect(prod.only('AWS::RDS::DBCluster')).toMatchObject({
      DeletionPolicy: 'Snapshot',
      Properties: { DeletionProtection: true, BackupRetentionPeriod: 14 },
    });
    expect(dev.only('AWS::RDS::DBCluster')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        DeletionProtection: false,
        ServerlessV2ScalingConfiguration: { MinCapacity: 0 },
      },
    });
  });

  test('is in two isolated subnets, and no security group lets anything in', () => {
    expect(dev.ofType('AWS::EC2::Subnet')).toHaveLength(2);
    for (const type of ['InternetGateway', 'NatGateway', 'Route', 'SecurityGroupIngress']) {
      expect(dev.ofType(`AWS::EC2::${type}`)).toEqual([]);
    }
    const groups = dev.ofType('AWS::EC2::SecurityGroup');
    expect(groups.flatMap((group) => group.Properties.SecurityGroupIngress ?? [])).toEqual([]);
  });

  test('writes neither parameters nor what errors quote to its log', () => {
    const { Parameters } = dev.only('AWS::RDS::DBClusterParameterGroup').Properties;
    expect(Parameters).toMatchObject({
      'rds.force_ssl': '1',
      log_min_messages: 'log',
      log_min_error_statement: 'panic',
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
    });
    expect(dev.before(dev.only('AWS::RDS::DBCluster').id)).toContain(
      dev
        .ofType('AWS::Logs::LogGroup')
        .find((r) =>
          r.Properties.LogGroupName?.includes('/aws/rds/cluster/leadpulse-dev/postgresql'),
        )?.id,
    );
  });
});

describe('sign-in', () => {
  test('is by accounts that an admin makes, a long password and a second factor by an app', () => {
    const { Properties: pool } = dev.only('AWS::Cognito::UserPool');
    expect(pool).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: true } },
    });
    expect(pool.SmsConfiguration).toBeUndefined();
  });

  test('is kept in prod and thrown away in dev', () => {
    const kept = prod.only('AWS::Cognito::UserPool');
    expect([kept.Properties.DeletionProtection, kept.DeletionPolicy]).toEqual(['ACTIVE', 'Retain']);
    const thrown = dev.only('AWS::Cognito::UserPool');
    expect([thrown.Properties.DeletionProtection, thrown.DeletionPolicy]).toEqual([
      'INACTIVE',
      'Delete',
    ]);
  });

  test('gives a page a code and no token, for a quarter of an hour, at its addresses alone', () => {
    const pageUrls = 'https://leads.example.com/, http://localhost:4000/';
    const { Properties: client } = synthesise({ pageUrls }).only('AWS::Cognito::UserPoolClient');
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      AllowedOAuthFlowsUserPoolClient: true,
      CallbackURLs: ['https://leads.example.com/', 'http://localhost:4000/'],
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: 15,
    });
    expect(client.ExplicitAuthFlows ?? ['ALLOW_REFRESH_TOKEN_AUTH']).toEqual([
      'ALLOW_REFRESH_TOKEN_AUTH',
    ]);
    expect(() => synthesise({ pageUrls: 'http://leads.example.com/' })).toThrow(/pageUrls must be/);
  });
});

describe('what is stored or on its way', () => {
  test('every log has an end: a week in dev, a quarter in prod', () => {
    for (const [stack, days] of [
      [dev, 7],
      [prod, 90],
    ] as const) {
      const logs = stack.ofType('AWS::Logs::LogGroup');
      expect(new Set(logs.map((log) => log.Properties.RetentionInDays))).toEqual(new Set([days]));
      const used = stack
        .ofType('AWS::Lambda::Function')
        .map((lambda) => [...referredTo(lambda.Properties.LoggingConfig)][0]);
      expect(logs.map((log) => log.id)).toEqual(expect.arrayContaining(used));
    }
  });

  // Logs, secrets and accounts AWS encrypts always; of its other stores there is none here.
  test('whatever holds data is encrypted, in both stages', () => {
    for (const stack of [dev, prod]) {
      const holds = (type: string) => stack.ofType(type).map((r) => r.Properties);
      const encrypted = [
        ...holds('AWS::RDS::DBCluster').map((p) => p.StorageEncrypted),
        ...holds('AWS::SQS::Queue').map((p) => p.SqsManagedSseEnabled),
        ...holds('AWS::SNS::Topic').map((p) => p.KmsMasterKeyId !== undefined),
      ];
      expect(new Set(encrypted)).toEqual(new Set([true]));
      const others = /^AWS::(S3|DynamoDB|EFS|Kinesis|ElastiCache|ECR|Backup)::/;
      expect(stack.resources.filter(({ Type }) => others.test(Type))).toEqual([]);
    }
  });

  test('alerts are encrypted by a key that rotates, and go to the addresses in the context', () => {
    const key = prod.only('AWS::KMS::Key');
    expect(key.Properties.EnableKeyRotation).toBe(true);
    expect(referredTo(prod.only('AWS::SNS::Topic').Properties.KmsMasterKeyId)).toContain(key.id);
    const subscriptions = prod.ofType('AWS::SNS::Subscription').map((r) => r.Properties);
    expect(subscriptions.map(({ Protocol, Endpoint }) => `${Protocol}:${Endpoint}`)).toEqual([
      'email:ada@example.com',
      'email:bob@example.com',
    ]);
    expect(dev.ofType('AWS::SNS::Subscription')).toEqual([]);
  });

  test('the topic and the queues refuse what comes without TLS; queues keep two weeks', () => {
    const policies = [
      ...dev.ofType('AWS::SNS::TopicPolicy'),
      ...dev.ofType('AWS::SQS::QueuePolicy'),
    ];
    for (const { Properties: p } of policies) {
      expect(p.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
    const queues = dev.ofType('AWS::SQS::Queue');
    const guarded = policies.flatMap(({ Properties: p }) => [...referredTo(p.Queues ?? p.Topics)]);
    expect(guarded.sort()).toEqual(
      [...queues.map((queue) => queue.id), dev.only('AWS::SNS::Topic').id].sort(),
    );
    for (const queue of queues) {
      expect(queue.Properties).toMatchObject({
        MessageRetentionPeriod: 14 * 86_400,
        SqsManagedSseEnabled: true,
      });
    }
  });

  test('what comes in during an outage is handed over as often as it takes, and then kept', () => {
    const mapping = dev.only('AWS::Lambda::EventSourceMapping').Properties;
    const [queueId] = referredTo(mapping.EventSourceArn);
    const queue = dev.resources.find((r) => r.id === queueId)?.Properties;
    const { Timeout } = dev.lambda('store-queued').Properties;
    expect(mapping).toMatchObject({
      BatchSize: 25,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue?.RedrivePolicy.maxReceiveCount).toBe(1000);
    expect([...referredTo(queue?.RedrivePolicy.deadLetterTargetArn)]).toEqual([
      dev.named('AWS::SQS::Queue', 'IngestQueueDeadLetters').id,
    ]);
  });

  test('the key secret is JSON with a generated `current` of 64 characters', () => {
    expect(
      dev.named('AWS::SecretsManager::Secret', 'KeySecret').Properties.GenerateSecretString,
    ).toEqual({
      SecretStringTemplate: '{}',
      GenerateStringKey: 'current',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
  });

  test('destroying the dev stack leaves nothing behind that would stop the next one', () => {
    expect(dev.resources.filter((r) => /Retain|Snapshot/.test(r.DeletionPolicy ?? ''))).toEqual([]);
  });
});
