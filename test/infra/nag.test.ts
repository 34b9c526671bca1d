import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../infra/create-app.ts';
import { synthesise } from './template.ts';

const packs = { AwsSolutions: AwsSolutionsChecks, Serverless: ServerlessChecks };

const everything = {
  stage: 'prod',
  alertEmails: ['ada@example.com'],
  domainName: 'leads.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0198c0de-7000',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  githubRepository: 'octocat/leads',
};

describe.each([{ stage: 'dev' }, { stage: 'prod' }, everything])('cdk-nag in %j', (context) => {
  const { app } = synthesise(context);

  test.each(Object.entries(packs))(
    '%s: what is acknowledged is found, and says why',
    (name, Pack) => {
      const found = findings(app, Pack);
      const acknowledged = app.node
        .findAll()
        .flatMap(acknowledgements)
        .filter(({ rule }) => rule.startsWith(`${name}-`));
      expect(acknowledged.length).toBeGreaterThan(4);
      for (const { rule, path, reason } of acknowledged) {
        expect(found.filter((f) => f.rule === rule && f.path.startsWith(path))).not.toEqual([]);
        expect(reason.length).toBeGreaterThan(30);
      }
    },
  );

  test.each(Object.entries(packs))('%s: what is found is acknowledged', (_name, Pack) => {
    const acknowledged = app.node.findAll().flatMap(acknowledgements);
    const open = findings(app, Pack).filter(
      (f) => !acknowledged.some(({ rule, path }) => f.rule === rule && f.path.startsWith(path)),
    );
    expect(open).toEqual([]);
  });
});

test('what nobody explained fails the synthesis, by either pack', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'leadpulse-nag-'));
  try {
    const app = createApp({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
    new Queue(app.node.findChild('leadpulse-dev'), 'Bare');
    expect(() => app.synth()).toThrow('validation-report.json');
    const report = readFileSync(join(outdir, 'validation-report.json'), 'utf8');
    for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
      expect(report).toContain(rule);
    }
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

/** All that a pack finds, whether it is acknowledged or not. */
function findings(app: App, Pack: typeof AwsSolutionsChecks | typeof ServerlessChecks) {
  const strict = new Pack(app);
  Object.assign(strict, { isAcknowledged: () => false });
  return strict.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({
      rule: ruleName,
      path: constructPath ?? '',
    })),
  );
}

function acknowledgements(construct: IConstruct) {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => ({
      rule: id.replace(/^annotation::/i, ''),
      path: construct.node.path,
      reason,
    }));
}
