import { CfnOutput, DefaultStackSynthesizer, Stack, Validations } from 'aws-cdk-lib';
import { FederatedPrincipal, OidcProviderNative, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const issuer = 'token.actions.githubusercontent.com';

/** What the roles are for. */
export interface DeployRolesProps {
  readonly settings: Settings;
  readonly repository: string;
}

/**
 * The two roles that a repository's workflows on GitHub take on, by tokens that GitHub signs for
 * the job that asks: no key is kept anywhere. In a stack of its own, which a person deploys once:
 * it is the account's, and stays when a stage is destroyed.
 */
export class DeployRoles extends Stack {
  constructor(scope: Construct, id: string, { settings, repository }: DeployRolesProps) {
    super(scope, id, {
      stackName: 'leadpulse-github',
      description: `leadpulse: what the workflows of ${repository} on GitHub may do`,
      terminationProtection: settings.protectDatabase,
    });
    const provider = this.#provider(settings);
    // An environment's rules, who approves and from which branch, stand before the first role.
    const deploy = this.#createRole('Deploy', provider, {
      subjects: settings.githubEnvironments.map((name) => `repo:${repository}:environment:${name}`),
      description: 'Deploys leadpulse, from an environment of the repository',
    });
    deploy.addToPolicy(this.#toDeploy());
    // A pull request is code that nobody has read yet: it may compare templates, and nothing else.
    const compare = this.#createRole('Compare', provider, {
      subjects: [`repo:${repository}:pull_request`],
      description: 'Compares templates of leadpulse, for a pull request of the repository',
    });
    compare.addToPolicy(this.#toCompare(settings));
    for (const name of settings.githubEnvironments) {
      const arn = 'arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack';
      Validations.of(compare).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${arn}/leadpulse-${name}/*]`,
        reason: "The id at the end of a stack's ARN is given by AWS when it is made.",
      });
    }
    new CfnOutput(this, 'DeployRoleArn', { value: deploy.roleArn });
    new CfnOutput(this, 'CompareRoleArn', { value: compare.roleArn });
  }

  /** AWS takes an issuer once in an account; its ARN is known where somebody else registered it. */
  #provider({ registerGithub }: Settings): string {
    if (!registerGithub) {
      const resourceName = issuer;
      const named = { service: 'iam', region: '', resource: 'oidc-provider', resourceName };
      return this.formatArn(named);
    }
    return new OidcProviderNative(this, 'Github', {
      url: `https://${issuer}`,
      clientIds: ['sts.amazonaws.com'],
    }).oidcProviderArn;
  }

  #createRole(
    id: string,
    provider: string,
    { subjects, description }: { subjects: string[]; description: string },
  ): Role {
    const conditions = {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subjects },
    };
    return new Role(this, id, {
      description,
      assumedBy: new FederatedPrincipal(provider, conditions, 'sts:AssumeRoleWithWebIdentity'),
    });
  }

  /** What `cdk bootstrap` made for it: one role to publish bundles, one to hand over templates. */
  #toDeploy(): PolicyStatement {
    const qualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    return new PolicyStatement({
      actions: ['sts:AssumeRole'],
      resources: ['deploy', 'file-publishing'].map((duty) =>
        this.formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: `cdk-${qualifier}-${duty}-role-${this.account}-${this.region}`,
        }),
      ),
    });
  }

  #toCompare({ githubEnvironments }: Settings): PolicyStatement {
    return new PolicyStatement({
      actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'],
      resources: githubEnvironments.map((name) =>
        this.formatArn({
          service: 'cloudformation',
          resource: 'stack',
          resourceName: `leadpulse-${name}/*`,
        }),
      ),
    });
  }
}
