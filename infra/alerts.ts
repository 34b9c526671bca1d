import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/**
 * The topic that alerts are published to, and who gets them by e-mail. Where there is a chat it has
 * a topic of its own: Amazon Q Developer drops what is not in its form, and people cannot read it.
 */
export class Alerts extends Construct {
  readonly topicArn: string;
  /** Unset: there is no chat. */
  readonly chatTopicArn: string | undefined;
  readonly #key: Key;
  readonly #topics: readonly Topic[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    // A key of our own, not AWS's for SNS: that one cannot be opened to CloudWatch's alarms.
    this.#key = new Key(this, 'Key', {
      description: 'Encrypts alerts on their way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#key.grant(this.#alarms(), 'kms:Decrypt', 'kms:GenerateDataKey*');
    const topic = this.#createTopic('Topic');
    for (const email of settings.alertEmails) {
      const subscription = topic.addSubscription(new EmailSubscription(email));
      Validations.of(subscription).acknowledge({
        id: 'Serverless-SNSRedrivePolicy',
        reason: 'SNS tries for hours; then it stands in the database alone what was published.',
      });
    }
    const chat = settings.chat === 'off' ? undefined : this.#createTopic('ChatTopic');
    if (chat && settings.chat !== 'topic') this.#connectSlack(chat, settings.chat);
    this.#topics = chat ? [topic, chat] : [topic];
    this.topicArn = topic.topicArn;
    this.chatTopicArn = chat?.topicArn;
  }

  /** What a function has to know to publish. */
  get environment(): Record<string, string> {
    return {
      ALERT_TOPIC_ARN: this.topicArn,
      ...(this.chatTopicArn && { CHAT_TOPIC_ARN: this.chatTopicArn }),
    };
  }

  /** Tells the same people of an alarm, and of its end; a chat shows CloudWatch's own form too. */
  tellOf(alarm: Alarm): void {
    for (const action of this.#topics.map((topic) => new SnsAction(topic))) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  /** Allows a function to publish, and to count who would hear of it. */
  grantPublish(publisher: LambdaFunction): void {
    for (const topic of this.#topics) topic.grantPublish(publisher);
    publisher.addToRolePolicy(
      new PolicyStatement({
        actions: ['sns:GetTopicAttributes'],
        resources: this.#topics.map((topic) => topic.topicArn),
      }),
    );
    Validations.of(publisher.role ?? publisher).acknowledge({
      id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      reason: "The CDK's grant for an encrypted topic: both ways to a data key of this one key.",
    });
  }

  #createTopic(id: string): Topic {
    const topic = new Topic(this, id, { masterKey: this.#key, enforceSSL: true });
    topic.grantPublish(this.#alarms());
    return topic;
  }

  #alarms(): ServicePrincipal {
    return new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }

  /**
   * Shows the topic in a Slack channel, and nothing else: Amazon Q could also run AWS commands that
   * people type there, and its own default lets it do everything the channel's role may. Here the
   * role may do nothing, and the guardrail refuses the rest.
   */
  #connectSlack(topic: Topic, chat: string): void {
    const [slackWorkspaceId = '', slackChannelId = ''] = chat.split('/');
    const nothing = new ManagedPolicy(this, 'ChatGuardrail', {
      description: 'What a chat may do in this account: nothing',
      statements: [new PolicyStatement({ effect: Effect.DENY, actions: ['*'], resources: ['*'] })],
    });
    new SlackChannelConfiguration(this, 'Slack', {
      slackChannelConfigurationName: `${Stack.of(this).stackName}-alerts`,
      slackWorkspaceId,
      slackChannelId,
      notificationTopics: [topic],
      guardrailPolicies: [nothing],
    });
  }
}
