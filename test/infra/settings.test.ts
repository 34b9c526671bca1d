import { RootConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { synthesise } from './template.ts';

function read(context: Record<string, unknown>) {
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries(context)) node.setContext(name, value);
  return readSettings(node);
}

describe('settings', () => {
  test('without any there is a dev stage that costs nothing while nobody uses it', () => {
    expect(read({})).toEqual({
      stage: 'dev',
      WORKSPACE_TIMEZONE: 'UTC',
      WORKSPACE_CURRENCY: 'USD',
      DEFAULT_COUNTRY: 'US',
      RETAIN_RECORDS_DAYS: 365,
      RETAIN_AUDIT_DAYS: 365,
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
    });
  });

  test('prod never sleeps and is protected', () => {
    expect(read({ stage: 'prod' })).toMatchObject({ minCapacity: 0.5, protectDatabase: true });
  });

  test('the command line’s text is read as what it means', () => {
    const given = { minCapacity: '1.5', logDays: '30', protectDatabase: 'true' };
    const retained = { RETAIN_PEOPLE_DAYS: '730' };
    const emails = { alertEmails: 'ada@example.com, bob@example.com' };
    expect(read({ ...given, ...emails, ...retained })).toMatchObject({
      minCapacity: 1.5,
      logDays: 30,
      protectDatabase: true,
      RETAIN_PEOPLE_DAYS: 730,
      alertEmails: ['ada@example.com', 'bob@example.com'],
    });
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
    [{ minCapacity: 'much' }, 'minCapacity must be 0 to 256'],
    [{ maxCapacity: 0.5 }, 'maxCapacity must be 1 to 256'],
    [{ maxCapacity: 257 }, 'maxCapacity must be 1 to 256'],
    [{ maxCapacity: '' }, 'maxCapacity must be 1 to 256'],
    [{ minCapacity: 8 }, 'and not below minCapacity'],
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
  ])('%j is refused by one sentence', (context, sentence) => {
    expect(() => read(context)).toThrow(sentence);
    const sentences = messageOf(() => read(context)).split('\n');
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(/\.$/);
  });

  test('all that is wrong is said at once', () => {
    expect(messageOf(() => read({ stage: 'x', backupDays: 99 })).split('\n')).toHaveLength(2);
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
