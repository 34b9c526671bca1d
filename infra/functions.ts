import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  type Duty,
  type FunctionEntry,
  type FunctionName,
  functions,
} from '../core/catalogue/functions.ts';
import type { Alerts } from './alerts.ts';
import { bundlingOptions, entryOf, projectRoot } from './bundling.ts';
import type { Database } from './database.ts';
import { FailureQueue } from './failure-queue.ts';
import type { IngestQueue } from './ingest-queue.ts';
import type { KeySecret } from './key-secret.ts';
import type { Settings } from './settings.ts';
import type { SignIn } from './sign-in.ts';

/** What functions work with. */
export interface FunctionsProps {
  readonly settings: Settings;
  readonly database: Database;
  readonly alerts: Alerts;
  readonly keySecret: KeySecret;
  readonly ingestQueue: IngestQueue;
  readonly signIn: SignIn;
}

// Why none has a dead-letter queue of its own, by what sets it going.
const keptElsewhere: Record<FunctionEntry['trigger'], string> = {
  http: 'Who calls it waits for the answer, is told of a failure, and sends again.',
  authorizer: 'The gateway waits for it, and answers without it.',
  queue: 'What it does not store stays in its queue, and ends in the dead letters of that.',
  schedule: 'Its failure destination keeps the error and the tries beside the event.',
  deploy: 'The deployment waits for it, and fails with it.',
};

/** The Lambdas of the catalogue. They are in no network: the Data API is reached over HTTPS. */
export class Functions extends Construct {
  readonly #byName: ReadonlyMap<FunctionName, LambdaFunction>;
  readonly #props: FunctionsProps;
  /** What scheduled runs could not do, the tries over. */
  readonly failures: FailureQueue;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.failures = new FailureQueue(this, 'Failures');
    this.#byName = new Map(
      Object.entries(functions).map(([name, entry]) => [
        name as FunctionName,
        this.#create(name as FunctionName, entry),
      ]),
    );
  }

  /** The function of that name. */
  named(name: FunctionName): LambdaFunction {
    const found = this.#byName.get(name);
    if (!found) throw new Error(`There is no function ${name} in the catalogue.`);
    return found;
  }

  /** Every function but one. */
  all({ but }: { but: FunctionName }): LambdaFunction[] {
    return [...this.#byName].filter(([name]) => name !== but).map(([, lambda]) => lambda);
  }

  /** Those that publish link to the API, which is made after them: it calls others of them. */
  tellApiUrl(url: string): void {
    for (const [name, { uses }] of Object.entries(functions)) {
      const publishes = (uses as FunctionEntry['uses']).includes('alert-topic');
      if (publishes) this.named(name as FunctionName).addEnvironment('API_URL', url);
    }
  }

  #create(name: FunctionName, entry: FunctionEntry): LambdaFunction {
    const functionName = `${Stack.of(this).stackName}-${name}`;
    const logGroup = new LogGroup(this, `${name}-log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: this.#props.settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: AWS's managed policy for Lambdas lets each write to every log there is.
    const role = new Role(this, `${name}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const lambda = new NodejsFunction(this, name, {
      functionName,
      description: entry.summary,
      entry: entryOf(name),
      projectRoot,
      depsLockFilePath: join(projectRoot, 'package-lock.json'),
      bundling: bundlingOptions,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(entry.timeout_seconds),
      memorySize: entry.memory_mb,
      environment: this.#environment(name, entry),
      logGroup,
      role,
      tracing: Tracing.ACTIVE,
      ...(entry.trigger === 'schedule' && this.#whenAsynchronous()),
    });
    this.#grant(entry, lambda);
    Validations.of(lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: keptElsewhere[entry.trigger],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'For X-Ray alone, whose two actions to send a trace know no resource.',
    });
    return lambda;
  }

  /** The same for all: names of things, no secrets. What may be used is a matter of permissions. */
  #environment(name: FunctionName, { uses }: FunctionEntry): Record<string, string> {
    const { settings, database, alerts, keySecret, signIn, ingestQueue } = this.#props;
    const { WORKSPACE_TIMEZONE, WORKSPACE_CURRENCY, DEFAULT_COUNTRY } = settings;
    const retained = Object.entries(settings)
      .filter(([name, value]) => name.startsWith('RETAIN_') && value !== undefined)
      .map(([name, value]) => [name, String(value)]);
    return {
      ...database.environmentOf(dutyOf(uses) ?? 'read'),
      ...ingestQueue.environment,
      ...signIn.environment,
      ...alerts.environment,
      KEY_SECRET_ARN: keySecret.secret.secretArn,
      WORKSPACE_TIMEZONE,
      WORKSPACE_CURRENCY,
      DEFAULT_COUNTRY,
      METRICS_SERVICE: Stack.of(this).stackName,
      METRICS_FUNCTION: name,
      ...Object.fromEntries(retained),
    };
  }

  /** The Scheduler only hands over: that a run failed is known to Lambda alone. */
  #whenAsynchronous() {
    return {
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(this.failures),
    };
  }

  #grant({ uses, trigger }: FunctionEntry, lambda: LambdaFunction): void {
    const { database, alerts, keySecret, ingestQueue } = this.#props;
    const useQueue = () =>
      trigger === 'queue' ? ingestQueue.feed(lambda) : ingestQueue.grantSend(lambda);
    const grants = {
      'ingest-queue': useQueue,
      'database:read': () => database.grantAccess(lambda, 'read'),
      'database:write': () => database.grantAccess(lambda, 'write'),
      'database:migrate': () => database.grantAccess(lambda, 'migrate'),
      'alert-topic': () => alerts.grantPublish(lambda),
      'key-secret': () => void keySecret.secret.grantRead(lambda),
    };
    for (const use of uses) grants[use]();
  }
}

function dutyOf(uses: FunctionEntry['uses']): Duty | undefined {
  return (['read', 'write', 'migrate'] as const).find((duty) => uses.includes(`database:${duty}`));
}
