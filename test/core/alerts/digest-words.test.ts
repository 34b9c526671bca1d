import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestMessage } from '../../../core/alerts/digest.ts';
import { digestSubject, digestText } from '../../../core/alerts/digest-words.ts';
import { digestOf, longestDigest } from '../../setup/digest.ts';

const apiUrl = 'https://leads.example.com/';
const whole = digestOf();

test('the e-mail is the one that the page shows, in lines that a telephone does not break', () => {
  const [, shown = ''] =
    /## Digest\n[\s\S]*?```\n([^`]*)```/.exec(readFileSync('docs/alerts.md', 'utf8')) ?? [];
  expect(`Subject: ${digestSubject(whole)}\n\n${digestText(whole, apiUrl)}`).toBe(shown);
  const lines = digestText(whole).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('of a quiet first day it says little, and nothing that is not there', () => {
  const figures = { ...whole.figures, leads: 0, contacted_leads: 0, contact_rate: null };
  const due = { due_leads: 0, met_leads: 0, late_leads: 0, breached_leads: 0, attainment: null };
  const quiet = digestOf({
    figures: { ...figures, ...due, median_all_minutes: null },
    usual: null,
    waiting: { leads: 0, overdue_leads: 0, longest_minutes: null },
    waiting_by_agent: [],
    rescue: [],
    open_incidents: 0,
    incidents: [],
  });
  expect(digestText(quiet)).toBe(`Yesterday: Tuesday, 24 Nov 2026
There are not enough Tuesdays before it yet to say what is usual.

Leads that came in: 0
Answered in time: none was due

Nobody waits for an answer.

No incident is open.

As of Wed, 25 Nov 2026, 07:30, time zone America/New_York.
Message digest:2026-11-25
`);
});

test('more incidents than it names are counted', () => {
  const text = digestText(longestDigest(), apiUrl);
  expect(text).toContain('\nand 4990 more\nGET https://leads.example.com/v1/incidents?status=un');
  expect(text).not.toMatch(/undefined|null|NaN/);
});

test('the largest there can be is far below the 256 KiB of SNS', () => {
  const longest = longestDigest();
  digestMessage.parse(longest);
  const email = digestText(longest, `https://${'a'.repeat(80)}.example.com/`);
  const published = JSON.stringify({ default: JSON.stringify(longest), email });
  expect(Buffer.byteLength(published)).toBeLessThan(64 * 1024);
});

test('a subject is one line of at most 100 ASCII characters, whatever the figures', () => {
  const count = fc.maxSafeInteger().map((n) => Math.abs(n) % 1e10);
  fc.assert(
    fc.property(count, count, count, (leads, overdue_leads, open_incidents) => {
      const figures = { ...whole.figures, leads };
      const waiting = { ...whole.waiting, overdue_leads };
      expect(digestSubject(digestOf({ figures, waiting, open_incidents }))).toMatch(
        /^[!-~][ -~]{0,99}$/,
      );
    }),
  );
});
