import { expect, test } from 'vitest';
import { isTimezone } from '../../core/catalogue/timezone.ts';
import { settingsSchema } from '../../core/settings.ts';

test.each([
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Europe/Kyiv',
  'US/Eastern',
  'America/Argentina/Buenos_Aires',
  'Australia/Lord_Howe',
])('%s is a zone', (name) => {
  expect(isTimezone(name)).toBe(true);
});

test.each(['', 'Foo5', '+03:00', 'utc', 'America', 'Mars/Olympus', 'EST5EDT', '../etc'])(
  '%j is none',
  (name) => {
    expect(isTimezone(name)).toBe(false);
  },
);

test('each wrong setting is told in a sentence', () => {
  const { error } = settingsSchema.safeParse({
    DATABASE_SECRET_ARN: '',
    WORKSPACE_TIMEZONE: '+03:00',
    WORKSPACE_CURRENCY: 'usd',
  });
  const told = error?.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  expect(told).toEqual([
    'DATABASE_CLUSTER_ARN is missing',
    'DATABASE_SECRET_ARN is empty',
    'WORKSPACE_TIMEZONE is not an IANA time zone',
    'WORKSPACE_CURRENCY must be a code such as USD',
  ]);
});
