// Run by the CDK's CLI, or alone: `node infra/app.ts` writes cdk.out without an account or network.
import { join } from 'node:path';
import { projectRoot } from './bundling.ts';
import { createApp } from './create-app.ts';
import { WrongSettings } from './settings.ts';

try {
  createApp({ outdir: process.env.CDK_OUTDIR ?? join(projectRoot, 'cdk.out') }).synth();
} catch (error) {
  if (!(error instanceof WrongSettings)) throw error;
  // For whoever gave them: where in this code it was found helps nobody.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
