// Run by the CDK's CLI, or alone: `node infra/app.ts` writes cdk.out without an account or network.
import { join } from 'node:path';
import { projectRoot } from './bundling.ts';
import { createApp } from './create-app.ts';

createApp({ outdir: process.env.CDK_OUTDIR ?? join(projectRoot, 'cdk.out') }).synth();
