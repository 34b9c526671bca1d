import { beforeAll, describe, expect, test } from 'vitest';
import { referredTo, synthesise } from './template.ts';

let none: ReturnType<typeof synthesise>;
let topic: ReturnType<typeof synthesise>;
let slack: ReturnType<typeof synthesise>;
beforeAll(() => {
  none = synthesise();
  topic = synthesise({ chat: 'topic' });
  slack = synthesise({ chat: 'T0AB1CD2E/C0FG3HI4J' });
});

const chatTopic = (stack: typeof none) => stack.named('AWS::SNS::Topic', 'AlertsChatTopic');

test('without a chat there is one topic, and no function is told of another', () => {
  expect(none.ofType('AWS::SNS::Topic')).toHaveLength(1);
  expect(none.outputs.ChatTopicArn).toBeUndefined();
  const { Variables } = none.lambda('check-sla').Properties.Environment;
  expect(Variables.CHAT_TOPIC_ARN).toBeUndefined();
});

describe('a chat has a topic of its own', () => {
  test('under the same key, refuses what comes without TLS, and is named in the outputs', () => {
    const { id, Properties } = chatTopic(topic);
    expect(referredTo(Properties.KmsMasterKeyId)).toContain(topic.only('AWS::KMS::Key').id);
    const policies = topic.ofType('AWS::SNS::TopicPolicy').map((policy) => policy.Properties);
    const own = policies.find(({ Topics }) => referredTo(Topics).has(id));
    expect(own?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    expect(topic.outputs.ChatTopicArn?.Value).toEqual({ Ref: id });
    expect(topic.ofType('AWS::Chatbot::SlackChannelConfiguration')).toEqual([]);
  });

  test('that what tells something may publish to, the check counts, and nobody else may', () => {
    const { id } = chatTopic(topic);
    const about = topic
      .ofType('AWS::IAM::Policy')
      .flatMap(({ Properties: p }) =>
        p.PolicyDocument.Statement.map((statement: { Action: string | string[] }) => ({
          roles: [...referredTo(p.Roles)],
          ...statement,
        })),
      )
      .filter(({ Resource }) => referredTo(Resource).has(id));
    const telling = ['check-sla', 'send-digest', 'evaluate-experiments'] as const;
    const roles = telling.flatMap((name) => [...referredTo(topic.lambda(name).Properties.Role)]);
    expect(new Set(about.flatMap((statement) => statement.roles))).toEqual(new Set(roles));
    expect(new Set(about.flatMap(({ Action }) => Action))).toEqual(
      new Set(['sns:GetTopicAttributes', 'sns:Publish']),
    );
    for (const name of telling) {
      const { Environment } = topic.lambda(name).Properties;
      expect(Environment.Variables.CHAT_TOPIC_ARN).toEqual({ Ref: id });
    }
  });

  test('and hears of every alarm that people hear of', () => {
    const told = topic.ofType('AWS::SNS::Topic').map(({ id }) => id);
    for (const { Properties: p } of topic.ofType('AWS::CloudWatch::Alarm')) {
      expect([...referredTo(p.AlarmActions)].sort()).toEqual(told.sort());
    }
  });
});

test('a Slack channel shows the topic and may do nothing', () => {
  const { Properties: p } = slack.only('AWS::Chatbot::SlackChannelConfiguration');
  expect(p).toMatchObject({
    ConfigurationName: 'leadpulse-dev-alerts',
    SlackWorkspaceId: 'T0AB1CD2E',
    SlackChannelId: 'C0FG3HI4J',
    SnsTopicArns: [{ Ref: chatTopic(slack).id }],
  });
  const guardrail = slack.only('AWS::IAM::ManagedPolicy');
  expect([...referredTo(p.GuardrailPolicies)]).toEqual([guardrail.id]);
  expect(guardrail.Properties.PolicyDocument.Statement).toEqual([
    { Effect: 'Deny', Action: '*', Resource: '*' },
  ]);
  const [role] = referredTo(p.IamRoleArn);
  const { ManagedPolicyArns, Policies } =
    slack.resources.find(({ id }) => id === role)?.Properties ?? {};
  expect([ManagedPolicyArns, Policies]).toEqual([undefined, undefined]);
  const given = slack
    .ofType('AWS::IAM::Policy')
    .filter(({ Properties: { Roles } }) => referredTo(Roles).has(role ?? ''));
  expect(given).toEqual([]);
});
