import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functions } from '../core/catalogue/functions.ts';
import { FailureQueue } from './failure-queue.ts';
import type { Settings } from './settings.ts';

// Lambda's advice: a batch that is being worked on is not handed out a second time.
const lease = Duration.seconds(6 * functions['store-queued'].timeout_seconds);

/** Keeps what comes in while the database is away, and apart what can never be stored. */
export class IngestQueue extends Construct {
  /** What functions have to know of it. */
  readonly environment: Record<string, string>;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { protectDatabase }: Settings) {
    super(scope, id);
    // What is in them is leads that are nowhere else.
    const removalPolicy = protectDatabase ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.deadLetters = new FailureQueue(this, 'DeadLetters', 'a queue');
    this.deadLetters.applyRemovalPolicy(removalPolicy);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: lease,
      // An outage does not use these up in a day's work, and store-queued puts poison aside itself:
      // this is for a message that ends the function before it can.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 1000 },
      removalPolicy,
    });
    this.environment = {
      INGEST_QUEUE_URL: this.queue.queueUrl,
      INGEST_DLQ_URL: this.deadLetters.queueUrl,
    };
  }

  /** Lets a function put into the queue what the database does not take. */
  grantSend(sender: LambdaFunction): void {
    this.queue.grantSendMessages(sender);
  }

  /** Hands what is in the queue to a function, which may put messages aside. */
  feed(consumer: LambdaFunction): void {
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 25,
        // Batches above 10 need a time to gather them.
        maxBatchingWindow: Duration.seconds(1),
        maxConcurrency: 5,
        reportBatchItemFailures: true,
      }),
    );
    this.deadLetters.grantSendMessages(consumer);
    Validations.of(consumer).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda has none for SQS: the queue has its dead letters.',
    });
  }
}
