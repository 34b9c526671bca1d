import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The topic that alerts are published to, and who gets them by e-mail. */
export class Alerts extends Construct {
  readonly topicArn: string;
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    // A key of our own, not AWS's for SNS: that one cannot be opened to CloudWatch's alarms.
    const masterKey = new Key(this, 'Key', {
      description: 'Encrypts alerts on their way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    masterKey.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
    this.#topic = new Topic(this, 'Topic', { masterKey, enforceSSL: true });
    this.#topic.grantPublish(alarms);
    for (const email of settings.alertEmails) {
      this.#topic.addSubscription(new EmailSubscription(email));
    }
    this.topicArn = this.#topic.topicArn;
  }

  /** Tells the same people of an alarm, and of its end. */
  tellOf(alarm: Alarm): void {
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** Allows a function to publish, and to count who would hear of it. */
  grantPublish(publisher: LambdaFunction): void {
    this.#topic.grantPublish(publisher);
    publisher.addToRolePolicy(
      new PolicyStatement({ actions: ['sns:GetTopicAttributes'], resources: [this.topicArn] }),
    );
    Validations.of(publisher.role ?? publisher).acknowledge({
      id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      reason: "The CDK's grant for an encrypted topic: both ways to a data key of this one key.",
    });
  }
}
