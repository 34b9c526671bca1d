import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RootConstruct } from 'constructs';
import { describe, expect, test, vi } from 'vitest';
import { readSettings, settingNames } from '../../infra/settings.ts';
import { synthesise } from './template.ts';

const { stages } = JSON.parse(readFileSync('cdk.json', 'utf8')).context;

function read(context: Record<string, unknown>) {
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries({ stages, ...context })) node.setContext(name, value);
  return readSettings(node);
}

const name = { domainName: 'leads.example.com' };
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0198c0de-7000';

describe('settings', () => {
  test('without any there is a dev stage that costs nothing while nobody uses it', () => {
    expect(read({})).toEqual({
      stage: 'dev',
      WORKSPACE_TIMEZONE: 'UTC',
      WORKSPACE_CURRENCY: 'USD',
      DEFAULT_COUNTRY: 'US',
      RETAIN_RECORDS_DAYS: 365,
      RETAIN_AUDIT_DAYS: 365,
      checkMinutes: 60,
      alertEmails: [],
      chat: 'off',
      biSeesPeople: false,
      pageUrls: ['http://localhost:4000/'],
      minCapacity: 0,
      maxCapacity: 4,
      backupDays: 1,
      protectDatabase: false,
      logDays: 7,
      requestRate: 50,
      requestBurst: 100,
      githubEnvironments: ['dev'],
      registerGithub: true,
    });
  });

  test('prod never sleeps and is protected', () => {
    expect(read({ stage: 'prod' })).toMatchObject({ minCapacity: 0.5, protectDatabase: true });
  });

  test('the command line’s text is read as what it means', () => {
    const given = { minCapacity: '1.5', logDays: '30', protectDatabase: 'true' };
    const retained = { RETAIN_PEOPLE_DAYS: '730' };
    const emails = { alertEmails: 'ada@example.com, bob@example.com' };
    const github = { githubEnvironments: 'dev,prod', registerGithub: 'false' };
    expect(read({ ...given, ...emails, ...retained, ...github })).toMatchObject({
      minCapacity: 1.5,
      logDays: 30,
      protectDatabase: true,
      RETAIN_PEOPLE_DAYS: 730,
      alertEmails: ['ada@example.com', 'bob@example.com'],
      githubEnvironments: ['dev', 'prod'],
      registerGithub: false,
    });
  });

  test('a stage says what is its own; what stands beside the stages holds for each', () => {
    const own = { ...stages, prod: { ...stages.prod, maxCapacity: 16, alertEmails: ['a@b.co'] } };
    expect(read({ stages: own })).toMatchObject({ maxCapacity: 4, alertEmails: [] });
    const prod = { stages: own, stage: 'prod' };
    expect(read(prod)).toMatchObject({ maxCapacity: 16, alertEmails: ['a@b.co'] });
    expect(read({ ...prod, maxCapacity: '8' })).toMatchObject({ maxCapacity: 8 });
  });

  test('a third stage is its lines in cdk.json', () => {
    const three = { ...stages, staging: stages.dev };
    expect(read({ stages: three, stage: 'staging' })).toMatchObject({
      stage: 'staging',
      minCapacity: 0,
      githubEnvironments: ['staging'],
    });
  });

  test('the page of a name of one’s own is one that people come back to', () => {
    expect(read({ ...name, certificateArn }).pageUrls).toEqual([
      'https://leads.example.com/',
      'http://localhost:4000/',
    ]);
    const given = { pageUrls: 'https://leads.example.com/,https://old.example.com/' };
    expect(read({ ...name, certificateArn, ...given }).pageUrls).toHaveLength(2);
  });

  test('once the region is known, the certificate is in it', () => {
    const told = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1' };
    for (const [variable, value] of Object.entries(told)) vi.stubEnv(variable, value);
    try {
      expect(() => read({ ...name, certificateArn })).toThrow('in the region of the stack');
      const here = certificateArn.replace('eu-west-1', 'us-east-1');
      expect(read({ ...name, certificateArn: here }).certificateArn).toBe(here);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each([
    [{ stage: 'test' }, 'stage must be dev or prod, and is "test".'],
    [{ stage: 'constructor' }, 'stage must be dev or prod'],
    [{ WORKSPACE_TIMEZONE: 'Foo5' }, 'WORKSPACE_TIMEZONE must be an IANA time zone'],
    [{ WORKSPACE_TIMEZONE: '+03:00' }, 'WORKSPACE_TIMEZONE must be an IANA time zone'],
    [{ WORKSPACE_CURRENCY: 'dollars' }, 'WORKSPACE_CURRENCY must be a code such as USD'],
    [{ DEFAULT_COUNTRY: 'usa' }, 'DEFAULT_COUNTRY must be a code such as US'],
    [{ RETAIN_RAW_DATA_DAYS: 0 }, 'RETAIN_RAW_DATA_DAYS must be a whole number from 1'],
    [{ RETAIN_AUDIT_DAYS: 'ever' }, 'RETAIN_AUDIT_DAYS must be a whole number from 1'],
    [{ minCapacity: -1 }, 'minCapacity must be 0 to 256 in steps of 0.5, and is -1.'],
    [{ minCapacity: 0.3 }, 'minCapacity must be 0 to 256'],
    [{ minCapacity: 300 }, 'minCapacity must be 0 to 256'],
    [{ minCapacity: 'much' }, 'minCapacity must be 0 to 256'],
    [{ maxCapacity: 0.5 }, 'maxCapacity must be 1 to 256'],
    [{ maxCapacity: 257 }, 'maxCapacity must be 1 to 256'],
    [{ maxCapacity: '' }, 'maxCapacity must be 1 to 256'],
    [{ minCapacity: 8 }, 'and not below minCapacity, and is 4.'],
    [{ checkMinutes: 7 }, 'checkMinutes must be 5, 10, 15, 20, 30 or 60, and is 7.'],
    [{ checkMinutes: 'often' }, 'checkMinutes must be 5'],
    [{ alertEmails: ['nobody'] }, 'alertEmails must be a list of e-mail addresses'],
    [{ alertEmails: ['a@b.co', 'a@b.co'] }, 'alertEmails must be a list'],
    [{ alertEmails: 5 }, 'alertEmails must be a list'],
    [{ chat: true }, 'chat must be off, topic, or the ids'],
    [{ chat: '#alerts' }, 'chat must be off, topic, or the ids'],
    [{ chat: 'C0FG3HI4J/T0AB1CD2E' }, 'chat must be off, topic, or the ids'],
    [{ pageUrls: ['http://example.com/'] }, 'pageUrls must be a list of https://…'],
    [{ pageUrls: '' }, 'pageUrls must be a list'],
    [{ backupDays: 0 }, 'backupDays must be a whole number from 1 to 35'],
    [{ biSeesPeople: 'some' }, 'biSeesPeople must be true or false'],
    [{ protectDatabase: 'maybe' }, 'protectDatabase must be true or false'],
    [{ logDays: 8 }, 'logDays must be one that CloudWatch has'],
    [{ requestRate: 0 }, 'requestRate must be a whole number from 1 to 10000'],
    [{ requestBurst: 2.5 }, 'requestBurst must be a whole number from 1 to 5000'],
    [{ minCapacty: 1 }, 'There is no setting minCapacty'],
    [{ stages: { dev: { ...stages.dev, lofDays: 7 } } }, 'There is no setting lofDays'],
    [{ stages: { ...stages, 'QA 1': {} } }, 'A stage must be 1 to 16 small letters and digits'],
    [{ stages: { dev: { ...stages.dev, logDays: undefined } } }, 'logDays must be one'],
    [{ domainName: 'https://leads.example.com', certificateArn }, 'domainName must be a name'],
    [{ domainName: 'localhost', certificateArn }, 'domainName must be a name'],
    [name, 'certificateArn must be the ARN of a certificate in ACM, in the region of the stack'],
    [{ certificateArn }, 'beside a domainName, and is "arn:'],
    [{ ...name, certificateArn: 'arn:aws:iam::1:server-certificate/x' }, 'certificateArn must be'],
    [{ hostedZoneId: 'Z0123456789ABCDEFGHIJ' }, 'hostedZoneId must be'],
    [{ ...name, certificateArn, hostedZoneId: 'example.com' }, 'hostedZoneId must be the id'],
    [{ githubRepository: 'https://github.com/a/b' }, 'githubRepository must be owner/name'],
    [{ githubRepository: 'a/*' }, 'githubRepository must be owner/name'],
    [{ githubEnvironments: '' }, 'githubEnvironments must be a list'],
    [{ githubEnvironments: 'prod*' }, 'githubEnvironments must be a list'],
    [{ registerGithub: 'no' }, 'registerGithub must be true or false'],
  ])('%j is refused by one sentence', (context, sentence) => {
    expect(() => read(context)).toThrow(sentence);
    const sentences = messageOf(() => read(context)).split('\n');
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(/\.$/);
  });

  test('all that is wrong is said at once', () => {
    expect(messageOf(() => read({ stage: 'x', backupDays: 99 })).split('\n')).toHaveLength(2);
  });

  test('on the command line they are all that is printed', () => {
    const context = { 'aws:cdk:bundling-stacks': [], stage: 'prd', logDays: '8' };
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], { env });
    expect(status).toBe(1);
    expect(String(stderr)).toBe(
      'stage must be dev or prod, and is "prd".\n' +
        'logDays must be one that CloudWatch has: 7, 30, 90, 365…, and is "8".\n',
    );
  });

  test('docs/deploying.md has a row for each, and for no other', () => {
    const [, table = ''] = readFileSync('docs/deploying.md', 'utf8').split('\n## ');
    const rows = table.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
    const documented = rows.flatMap((row) => row.split(', ')).map((name) => name.slice(1, -1));
    expect(documented.sort()).toEqual([...settingNames].sort());
  });

  test('the app takes them from cdk.json, feature flags and all', () => {
    const { app } = synthesise();
    expect(readSettings(app.node).stage).toBe('dev');
    expect(app.node.tryGetContext('@aws-cdk/aws-iam:minimizePolicies')).toBe(true);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
