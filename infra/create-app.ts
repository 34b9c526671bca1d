import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { projectRoot } from './bundling.ts';
import { DeployRoles } from './deploy-role.ts';
import { readSettings } from './settings.ts';
import { LeadpulseStack } from './stack.ts';

/** The CDK app. What cdk-nag finds, and nobody has acknowledged, fails its synthesis. */
export function createApp(props: { context?: Record<string, unknown>; outdir?: string }): App {
  // Under the CLI its context, cdk.json's and each -c, comes on top; without it this is all.
  const { context } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'));
  const app = new App({
    context: { ...context, ...props.context },
    outdir: props.outdir,
    analyticsReporting: false,
  });
  const settings = readSettings(app.node);
  new LeadpulseStack(app, `leadpulse-${settings.stage}`, settings);
  const { githubRepository: repository } = settings;
  if (repository !== undefined) {
    // In a stage of the CDK's: `cdk deploy` without a name takes the one stack that is in none.
    new DeployRoles(new Stage(app, 'github'), 'roles', { settings, repository });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}
