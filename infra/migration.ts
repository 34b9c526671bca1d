import { type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { functions } from '../core/catalogue/functions.ts';
import type { Settings } from './settings.ts';

/** What runs when, at a deployment. */
export interface MigrationProps {
  readonly settings: Settings;
  readonly migrate: LambdaFunction;
  readonly after: Construct;
  readonly before: readonly Construct[];
}

/**
 * Runs `migrate` at each deployment that changes its code, which holds all SQL, or its environment,
 * before any function that serves is touched. What CloudFormation guarantees for that:
 * - The trigger names the version of migrate to run, and a version is named by a hash of code and
 *   configuration: another hash is an update of the trigger, and an update is a run.
 * - What depends on a resource is created or updated only once that resource is: the functions
 *   depend on the trigger, and routes, authorizer and schedules on the functions.
 * - A run that fails fails the deployment: what depends on it is untouched, the old code goes on.
 *   Rolling back runs the old version again, which re-applies its SQL functions and leaves tables
 *   as they are. So a migration must suit the code before it.
 */
export class Migration extends Construct {
  constructor(scope: Construct, id: string, { settings, migrate, after, before }: MigrationProps) {
    super(scope, id);
    const { timeout_seconds } = functions.migrate;
    const trigger = new Trigger(this, 'Run', {
      handler: migrate,
      timeout: Duration.seconds(timeout_seconds),
      // The cluster answers only once its instance is there, which no reference tells.
      executeAfter: [after],
      executeBefore: [...before],
    });
    // A caller that died with its 15 minutes over cannot answer: the default is to wait an hour.
    resourceIn(trigger, 'Default').addPropertyOverride('ServiceTimeout', timeout_seconds + 60);
    this.#keepCallersLog(settings);
  }

  /** The function that calls `migrate` is the CDK's own; its log too has an end. */
  #keepCallersLog(settings: Settings): void {
    const caller = Stack.of(this).node.findChild(
      'AWSCDK.TriggerCustomResourceProviderCustomResourceProvider',
    );
    const log = new LogGroup(this, 'CallerLog', {
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const handler = caller.node.findChild('Handler') as CfnResource;
    handler.addPropertyOverride('LoggingConfig', { LogGroup: log.logGroupName });
  }
}

function resourceIn(scope: Construct, id: string): CfnResource {
  return scope.node.findChild(id).node.defaultChild as CfnResource;
}
