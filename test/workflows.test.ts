import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  needs?: string;
  environment?: string;
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const folder = '.github/workflows';
const workflows = readdirSync(folder).map((name): [string, string, Workflow] => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  return [name, text, parse(text)];
});
const deploy = workflows.find(([name]) => name === 'deploy.yml')?.[2] as Workflow;
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const expression = (text: string) => `\${{ ${text} }}`;

const runs = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);
const indexOf = ({ steps }: Job, wanted: (step: Step) => boolean) => steps.findIndex(wanted);
const takesOnRole = ({ uses }: Step) => /^aws-actions\/configure-aws-credentials@/.test(uses ?? '');

describe.each(workflows)('%s', (_name, text, workflow) => {
  const jobs = Object.entries(workflow.jobs);

  test('runs actions of a commit, whose version stands beside it', () => {
    const used = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(used.length).toBeGreaterThan(0);
    for (const line of used) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('keeps no key: no secret of the repository, no access key of AWS', () => {
    expect(text).not.toMatch(/secrets[.[]|aws-(secret-)?access-key|AWS_(SECRET_)?ACCESS_KEY/i);
    expect(text).not.toMatch(/\bA[KS]IA[A-Z0-9]{16}\b|lp_[\w-]{10,}/);
  });

  test('may read the repository; a job that may more says so, and has an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const [, { steps }] of jobs) {
      const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
      if (checkout) expect(checkout.with?.['persist-credentials']).toBe(false);
    }
  });

  test('runs scripts that there are', () => {
    const lines = jobs.flatMap(([, job]) => runs(job)).join('\n');
    for (const [, script = ''] of lines.matchAll(/npm run (?:-\S+ )*([\w:-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
    for (const [, file = ''] of lines.matchAll(/bash (\S+)/g)) expect(existsSync(file)).toBe(true);
  });

  test('hands what others wrote to a shell as variables, never as its text', () => {
    for (const [, job] of jobs) for (const run of runs(job)) expect(run).not.toContain('${{');
  });
});

describe('deploying', () => {
  const { diff, comment, deploy: deployment } = deploy.jobs as Record<string, Job>;
  if (!diff || !comment || !deployment) throw new Error('deploy.yml has other jobs');

  test('is by GitHub’s tokens, each job with the role that is its own', () => {
    const roles = [diff, deployment].map(({ steps, permissions }) => ({
      permissions,
      role: steps.find(takesOnRole)?.with?.['role-to-assume'],
    }));
    const permissions = { contents: 'read', 'id-token': 'write' };
    expect(roles).toEqual([
      { permissions, role: expression('vars.AWS_COMPARE_ROLE_ARN') },
      { permissions, role: expression('vars.AWS_DEPLOY_ROLE_ARN') },
    ]);
  });

  test('is of main, in the stage’s environment, after all that CI asks for', () => {
    expect(deployment.if).toContain("github.ref == 'refs/heads/main'");
    expect(deployment.if).not.toContain('pull_request');
    expect(deployment.environment).toBe(expression("inputs.stage || 'dev'"));
    const checked = indexOf(deployment, ({ run }) => run === 'bash .ci/run');
    expect(checked).toBeGreaterThan(-1);
    expect(indexOf(deployment, takesOnRole)).toBeGreaterThan(checked);
    expect(runs(deployment).at(-1)).toContain('npm run deploy -- --require-approval never');
  });

  test('by hand is of the stages that cdk.json has', () => {
    const { inputs } = deploy.on.workflow_dispatch as {
      inputs: { stage: { options: string[] } };
    };
    expect(inputs.stage.options).toEqual(Object.keys(json('cdk.json').context.stages));
  });

  test('a pull request sees its diff, by the job that runs its code; another one writes it', () => {
    expect(diff.if).toContain("github.event_name == 'pull_request'");
    expect(diff.if).toContain('head.repo.full_name == github.repository');
    expect(runs(diff).at(-1)).toContain('npm run --silent diff -- --method=template');
    const installed = indexOf(diff, ({ run }) => run?.startsWith('npm ci') ?? false);
    expect(indexOf(diff, takesOnRole)).toBeGreaterThan(installed);
    expect(comment).toMatchObject({ needs: 'diff', permissions: { 'pull-requests': 'write' } });
    expect(comment.steps.map(({ uses }) => uses)).toEqual([undefined]);
  });

  test('the variables it reads are those that docs/deploying.md names', () => {
    const text = readFileSync(`${folder}/deploy.yml`, 'utf8');
    const docs = readFileSync('docs/deploying.md', 'utf8');
    const read = [...text.matchAll(/vars\.(\w+)/g)].map(([, name]) => name);
    for (const name of new Set(read)) expect(docs).toContain(`\`${name}\``);
  });
});
