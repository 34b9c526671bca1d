import { CfnResource } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { synthesise } from './template.ts';

// Under another logical id CloudFormation makes another one, empty, and lets this one go.
const holdsData = /^(RDS::DBCluster|Cognito::UserPool|SQS::Queue|SecretsManager::Secret)$/;

// `npm run snapshots` writes it anew; a change of infra/ shows in it what comes and what goes.
test('test/infra/resources.txt lists what dev is made of', async () => {
  const { app } = synthesise();
  const lines = app.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .map((resource) => {
      const kind = resource.cfnResourceType.replace(/^AWS::/, '');
      const name = resource.node.path.replace('leadpulse-dev/', '').replace(/\/Resource$/, '');
      const { logicalId } = resource;
      const id = holdsData.test(kind) ? ` = ${resource.stack.resolve(logicalId)}` : '';
      return `${kind.padEnd(36)} ${name}${id}\n`;
    });
  const list = lines.sort((a, b) => (a < b ? -1 : 1)).join('');
  await expect(list).toMatchFileSnapshot('./resources.txt');
});
