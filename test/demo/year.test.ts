import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { silent } from '../../demo/sources.ts';
import { cast } from '../../demo/team.ts';
import { splitAt, type Year, yearOf } from '../../demo/year.ts';
import { demoEnd, demoYear } from '../setup/demo-year.ts';

const year = demoYear();
const before = splitAt(year.leads, demoEnd).before;

describe('a year', () => {
  test('has about 20,000 leads, in the order of time, and goes on after its end', () => {
    expect(before.length).toBeGreaterThan(19_000);
    expect(before.length).toBeLessThan(21_000);
    expect(before[0]?.created_at.slice(0, 10)).toBe('2024-05-20');
    const moments = (list: readonly { created_at: string }[]) => list.map((one) => one.created_at);
    for (const times of [moments(year.leads), moments(year.events)]) {
      expect(times.join()).toBe(times.toSorted().join());
    }
    expect(splitAt(year.leads, demoEnd).after.length).toBeGreaterThan(500);
    expect(splitAt(year.events, demoEnd).after.length).toBeGreaterThan(500);
  });

  test('is the same each time, to the last id', () => {
    const told = (seed: number) =>
      JSON.stringify(yearOf({ seed, end: demoEnd, timezone: 'UTC', leads: 1000 }));
    const [once, again, other] = [7, 7, 8].map(told);
    expect(once === again).toBe(true);
    expect(once === other).toBe(false);
  });

  test('names each lead and event once, and tells of no lead that is not there', () => {
    const ids = [...year.leads, ...year.events, ...year.agents, ...year.skills].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const leads = new Map(year.leads.map((lead) => [lead.id, lead]));
    expect(year.events.filter((event) => !leads.has(event.lead_id))).toEqual([]);
    for (const { duplicate_of, created_at } of year.leads) {
      if (!duplicate_of) continue;
      const original = leads.get(duplicate_of);
      expect(original?.duplicate_of).toBeUndefined();
      expect(original && original.created_at < created_at).toBe(true);
    }
  });

  test('is of nobody real: telephones of fiction, each of one person alone', () => {
    const visits = Map.groupBy(
      year.leads.filter(({ phone }) => phone),
      ({ phone }) => phone ?? '',
    );
    const isFiction = (phone: string) =>
      /^\+1 \d{3} 555 01\d\d$/.test(phone) && parsePhoneNumberFromString(phone)?.isPossible();
    expect([...visits.keys()].filter((phone) => !isFiction(phone))).toEqual([]);
    const owners = (leads: Year['leads']) => new Set(leads.map(({ email }) => email)).size;
    expect([...visits.values()].filter((leads) => owners(leads) > 1)).toEqual([]);
    const emails = year.leads.map(({ email = '' }) => email).filter(Boolean);
    expect(emails.filter((email) => !email.endsWith('@example.com'))).toEqual([]);
  });
});

/** Shares of what happened by the end of a year, whatever its day. */
function storyOf(told: Year, end: number) {
  const leads = splitAt(told.leads, end).before;
  const events = splitAt(told.events, end).before;
  const contacted = new Set(
    events.filter((event) => event.event_type === 'contacted').map((event) => event.lead_id),
  );
  const answered = (from: string, to: string) => {
    const some = leads.filter(({ created_at }) => from <= created_at && created_at < to);
    return some.filter(({ id }) => contacted.has(id)).length / some.length;
  };
  const { from, to } = told.unseen;
  const lastSilent = leads.findLast(({ source }) => source === silent.source);
  const gone = told.agents.find(({ active }) => !active);
  return {
    weekday: new Date(from).getUTCDay(),
    daysAgo: (Date.parse(told.today) - Date.parse(from)) / 86_400_000,
    // In UTC a little of Friday's evening and Monday's night is in it.
    answeredThen: answered(`${from}T06:00`, to),
    answeredElse: answered(told.firstDay, from),
    silentDays: Math.round((end - Date.parse(lastSilent?.created_at ?? '')) / 86_400_000),
    gone: `${gone?.first_name} ${gone?.last_name}`,
    spendDays: new Set(told.spend.map((item) => item.from)).size,
  };
}

describe.each([
  ['a Tuesday in May', '2025-05-20T18:30:00Z', 'America/New_York'],
  ['a Monday right after midnight', '2026-11-23T05:00:01Z', 'America/New_York'],
  ['a Saturday', '2024-02-24T12:00:00Z', 'UTC'],
  ['a Sunday of 23 hours', '2026-03-29T22:00:00Z', 'Europe/Berlin'],
  ['a leap day, half an hour off', '2028-02-29T20:00:00Z', 'Asia/Kolkata'],
])('a year that ends on %s', (_name, at, timezone) => {
  test('tells the same story', () => {
    const end = Date.parse(at);
    const told = storyOf(yearOf({ seed: 7, end, timezone, leads: 4000 }), end);
    expect(told).toMatchObject({ weekday: 6, gone: cast.gone, spendDays: 365 });
    expect(told.daysAgo).toBeGreaterThanOrEqual(9);
    expect(told.daysAgo).toBeLessThanOrEqual(15);
    expect(told.answeredThen).toBeLessThan(0.1);
    expect(told.answeredElse).toBeGreaterThan(0.8);
    expect(told.silentDays).toBeGreaterThanOrEqual(silent.days);
    expect(told.silentDays).toBeLessThan(silent.days + 5);
  });
});
