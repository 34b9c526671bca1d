import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../infra/create-app.ts';
import { synthesise } from './template.ts';

const account = '123456789012';

let folder: string;
let aws: ReturnType<typeof createServer>;
/** What the CDK's command line asked of AWS, in its order. */
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadpulse-diff-'));
  createApp({ outdir: folder, context: { 'aws:cdk:bundling-stacks': [] } }).synth();
  const here = readFileSync(join(folder, 'leadpulse-dev.template.json'), 'utf8');
  const deployed = here.replace('"RetentionInDays": 7', '"RetentionInDays": 5');
  aws = createServer(async (request, response) => {
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const action = body.get('Action') ?? `${request.method} ${request.url}`;
    asked.push(action);
    const answer = answers[action]?.(deployed);
    response.writeHead(answer ? 200 : 403, { 'content-type': 'text/xml' });
    response.end(answer ?? refused);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => aws.once('listening', resolve));
});
afterAll(() => {
  aws.close();
  rmSync(folder, { recursive: true });
});

test('a pull request’s diff asks of AWS what its role may, and is shown', async () => {
  const { port } = aws.address() as AddressInfo;
  writeFileSync(join(folder, 'config'), '');
  const cdk = 'node_modules/aws-cdk/bin/cdk';
  const options = ['--app', folder, '--method=template', '--no-color', '--no-notices'];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [cdk, 'diff', ...options],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_CONFIG_FILE: join(folder, 'config'),
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      },
    },
  );
  expect(stdout + stderr).toMatch(/RetentionInDays\n.*5\n.*7\n/);
  const { roles } = synthesise({ githubRepository: 'octocat/leads' });
  const policy = roles?.named('AWS::IAM::Policy', 'CompareDefaultPolicy').Properties.PolicyDocument;
  const allowed = policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  // Who one is may be asked by everybody; the bootstrap's role is tried and refused.
  const free = ['GetCallerIdentity', 'AssumeRole'];
  const needed = asked.filter((action) => !free.includes(action));
  expect(new Set(needed.map((action) => `cloudformation:${action}`))).toEqual(new Set(allowed));
}, 60_000);

const refused =
  '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>';

/** AWS's answers to the callers of a role that may compare; to all else it says no. */
const answers: Record<string, (template: string) => string> = {
  GetCallerIdentity: () =>
    xml('GetCallerIdentity', `<Account>${account}</Account><Arn>arn:aws:sts::${account}:x</Arn>`),
  DescribeStacks: () =>
    xml(
      'DescribeStacks',
      '<Stacks><member><StackName>leadpulse-dev</StackName>' +
        '<CreationTime>2026-01-01T00:00:00Z</CreationTime>' +
        '<StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks>',
    ),
  GetTemplate: (template) =>
    xml('GetTemplate', `<TemplateBody><![CDATA[${template}]]></TemplateBody>`),
};

function xml(action: string, result: string): string {
  const answer = `<${action}Result>${result}</${action}Result>`;
  return `<${action}Response>${answer}</${action}Response>`;
}
