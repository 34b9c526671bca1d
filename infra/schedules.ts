import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { every, type Schedule, schedules } from '../core/catalogue/schedules.ts';
import { FailureQueue } from './failure-queue.ts';
import type { Functions } from './functions.ts';
import type { Settings } from './settings.ts';

// The Scheduler puts the time of the run in: a run is done once per time, whenever it is delivered.
const input = JSON.stringify({ scheduled_at: '<aws.scheduler.scheduled-time>' });

/** The catalogue's schedules, in the workspace's time zone. */
export class Schedules extends Construct {
  /** Runs that could not be handed over. */
  readonly undelivered: FailureQueue;
  readonly #group: ScheduleGroup;
  readonly #timezone: string;

  constructor(scope: Construct, id: string, props: { settings: Settings; functions: Functions }) {
    super(scope, id);
    this.#timezone = props.settings.WORKSPACE_TIMEZONE;
    this.undelivered = new FailureQueue(this, 'Undelivered');
    this.#group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: Stack.of(this).stackName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const schedule of every(props.settings.checkMinutes, schedules)) {
      this.#create(schedule, props.functions.named(schedule.function));
    }
  }

  #create({ name, cron, summary, timezone }: Schedule, lambda: LambdaFunction): void {
    const role = this.#createRole(name, lambda);
    const created = new CfnSchedule(this, name, {
      name,
      groupName: this.#group.scheduleGroupName,
      description: summary,
      scheduleExpression: `cron(${cron})`,
      scheduleExpressionTimezone: timezone ?? this.#timezone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambda.functionArn,
        roleArn: role.roleArn,
        input,
        retryPolicy: {
          maximumEventAgeInSeconds: Duration.hours(1).toSeconds(),
          maximumRetryAttempts: 10,
        },
        deadLetterConfig: { arn: this.undelivered.queueArn },
      },
    });
    // With its permissions, not only the role: a schedule may be due the moment it exists.
    created.node.addDependency(role);
  }

  /** May call one function and use one queue, for schedules of this group alone. */
  #createRole(name: string, lambda: LambdaFunction): Role {
    const role = new Role(this, `${name}-role`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': this.#group.scheduleGroupArn,
          },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.undelivered.queueArn],
      }),
    );
    return role;
  }
}
