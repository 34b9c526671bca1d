import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where what could not be done is kept for two weeks, for a person to look at. */
export class FailureQueue extends Queue {
  /** AwsSolutions knows a queue's own dead-letter queue by itself, and no other. */
  constructor(scope: Construct, id: string, of: 'other services' | 'a queue' = 'other services') {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is where failures end; nothing reads it that could fail.',
    });
    if (of === 'a queue') return;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the queue of what failed elsewhere; nothing reads it that could fail.',
    });
  }
}
