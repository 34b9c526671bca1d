import { expect, test } from 'vitest';
import { isTimezone } from '../../core/catalogue/timezone.ts';

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
