import { describe, expect, test } from 'vitest';
import { synthesise } from './template.ts';

const issuer = 'token.actions.githubusercontent.com';

/** The roles of a repository's workflows: whom each trusts, and what it may do. */
function rolesOf(context: Record<string, unknown>) {
  const { roles } = synthesise({ githubRepository: 'octocat/leads', ...context });
  if (!roles) throw new Error('there are no roles');
  const ofRole = (name: string) => {
    const role = roles.named('AWS::IAM::Role', name).Properties;
    const trust = role.AssumeRolePolicyDocument.Statement;
    const policy = roles.named('AWS::IAM::Policy', `${name}DefaultPolicy`).Properties;
    return { trust, allowed: policy.PolicyDocument.Statement, roles: policy.Roles };
  };
  return { ...roles, deploy: ofRole('Deploy'), compare: ofRole('Compare') };
}

describe('the roles of GitHub’s workflows', () => {
  test('deploying is for jobs in the stage’s environment of the repository, and no other', () => {
    const { deploy, only } = rolesOf({ stage: 'prod' });
    expect(deploy.trust).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: { Ref: only('AWS::IAM::OIDCProvider').id } },
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: 'sts.amazonaws.com',
            [`${issuer}:sub`]: ['repo:octocat/leads:environment:prod'],
          },
        },
      },
    ]);
  });

  test('it may take on the two roles of the CDK’s bootstrap that a deployment needs', () => {
    const { deploy } = rolesOf({});
    expect(deploy.allowed).toHaveLength(1);
    expect(deploy.allowed[0]).toMatchObject({ Effect: 'Allow', Action: 'sts:AssumeRole' });
    const resources = deploy.allowed[0].Resource.map(textOf);
    expect(resources).toEqual(
      ['deploy', 'file-publishing'].map(
        (duty) =>
          `arn:AWS::Partition:iam::AWS::AccountId:role/cdk-hnb659fds-${duty}-role-` +
          'AWS::AccountId-AWS::Region',
      ),
    );
  });

  test('a pull request reads the template of the stage’s stack, and nothing else', () => {
    const { compare } = rolesOf({});
    expect(compare.trust).toHaveLength(1);
    expect(compare.trust[0].Condition.StringEquals).toEqual({
      [`${issuer}:aud`]: 'sts.amazonaws.com',
      [`${issuer}:sub`]: ['repo:octocat/leads:pull_request'],
    });
    expect(compare.allowed.map(({ Action }: { Action: string }) => Action)).toEqual([
      ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
    ]);
    expect(textOf(compare.allowed[0].Resource)).toBe(
      'arn:AWS::Partition:cloudformation:AWS::Region:AWS::AccountId:stack/leadpulse-dev/*',
    );
  });

  test('an account with both stages trusts both environments, by name', () => {
    const { deploy, compare } = rolesOf({ githubEnvironments: 'dev,prod' });
    expect(deploy.trust[0].Condition.StringEquals[`${issuer}:sub`]).toEqual([
      'repo:octocat/leads:environment:dev',
      'repo:octocat/leads:environment:prod',
    ]);
    expect(compare.allowed[0].Resource.map(textOf).join()).toMatch(/leadpulse-dev\/.*prod\/\*$/);
  });

  test('a repository whose tokens name ids is trusted by them', () => {
    const { deploy } = rolesOf({ githubRepository: 'octocat@583231/leads@1296269' });
    expect(deploy.trust[0].Condition.StringEquals[`${issuer}:sub`]).toEqual([
      'repo:octocat@583231/leads@1296269:environment:dev',
    ]);
  });

  test('where GitHub is registered already, the roles trust it as it is', () => {
    const { deploy, ofType } = rolesOf({ registerGithub: 'false' });
    expect(ofType('AWS::IAM::OIDCProvider')).toEqual([]);
    expect(textOf(deploy.trust[0].Principal.Federated)).toBe(
      `arn:AWS::Partition:iam::AWS::AccountId:oidc-provider/${issuer}`,
    );
  });

  test('they are a stack of their own, and only where a repository is named', () => {
    expect(synthesise().roles).toBeUndefined();
    const { resources, outputs } = rolesOf({});
    expect(Object.keys(outputs).sort()).toEqual(['CompareRoleArn', 'DeployRoleArn']);
    expect(resources.filter(({ Type }) => !Type.startsWith('AWS::IAM::'))).toEqual([]);
  });
});

/** An ARN as it is written, with the names of what AWS fills in. */
function textOf(value: { 'Fn::Join': [string, (string | { Ref: string })[]] }): string {
  return value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : part.Ref)).join('');
}
