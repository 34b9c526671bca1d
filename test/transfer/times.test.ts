import { describe, expect, test } from 'vitest';
import { RowFault } from '../../transfer/row-fault.ts';
import { type DayOrder, timeReader } from '../../transfer/times.ts';

const inZone = (timezone: string | undefined, dates?: DayOrder) => timeReader({ timezone, dates });
const instant = (text: string, zone: string | undefined, dates?: DayOrder) =>
  new Date(inZone(zone, dates).moment(text)).toISOString().replace('.000Z', 'Z');

describe('a moment', () => {
  test.each([
    ['2018-02-26T19:58:54Z', '2018-02-26T19:58:54Z'],
    ['2018-02-26 19:58:54.123456+00', '2018-02-26T19:58:54.123456+00:00'],
    ['2018-02-26 19:58 UTC', '2018-02-26T19:58:00Z'],
    ['2018-02-26t19:58:54-0330', '2018-02-26T19:58:54-03:30'],
    [' 2018/02/26 19:58:54+05:45 ', '2018-02-26T19:58:54+05:45'],
  ])('with an offset is taken as it is: %s', (text, moment) => {
    expect(inZone('America/Sao_Paulo').moment(text)).toBe(moment);
    expect(inZone(undefined).moment(text)).toBe(moment);
  });

  test.each([
    ['2018-02-26 19:58:54', 'America/Sao_Paulo', '2018-02-26T22:58:54Z'],
    ['2018-02-26T19:58', 'Asia/Kolkata', '2018-02-26T14:28:00Z'],
    ['2018-02-26T19:58:54.123456', 'UTC', '2018-02-26T19:58:54.123Z'],
    ['2018-07-01 12:00', 'America/New_York', '2018-07-01T16:00:00Z'],
    ['2018-12-01 12:00', 'America/New_York', '2018-12-01T17:00:00Z'],
    // The days the clock changes: before, in the gap, after; before, twice there, after.
    ['2018-03-11 01:59', 'America/New_York', '2018-03-11T06:59:00Z'],
    ['2018-03-11 02:30', 'America/New_York', '2018-03-11T07:30:00Z'],
    ['2018-03-11 03:30', 'America/New_York', '2018-03-11T07:30:00Z'],
    ['2018-11-04 00:59', 'America/New_York', '2018-11-04T04:59:00Z'],
    ['2018-11-04 01:30', 'America/New_York', '2018-11-04T05:30:00Z'],
    ['2018-11-04 02:00', 'America/New_York', '2018-11-04T07:00:00Z'],
    ['2018-10-07 02:15', 'Australia/Lord_Howe', '2018-10-06T15:45:00Z'],
    // Before there were zones.
    ['1901-05-05 12:00', 'America/Sao_Paulo', '1901-05-05T15:06:28Z'],
  ])('%s in %s is %s', (text, zone, moment) => {
    expect(instant(text, zone)).toBe(moment);
  });

  test.each([
    ['2018-02-26', 'America/Sao_Paulo', '2018-02-26T03:00:00Z'],
    ['2018-03-11', 'America/New_York', '2018-03-11T05:00:00Z'],
    ['2017-10-15', 'America/Sao_Paulo', '2017-10-15T03:00:00Z'],
    ['2018-02-26', 'UTC', '2018-02-26T00:00:00Z'],
  ])('the date %s in %s starts at %s, midnight or not', (text, zone, moment) => {
    expect(instant(text, zone)).toBe(moment);
  });

  test.each<[string, DayOrder, string]>([
    ['02/03/2018', 'mdy', '2018-02-03T00:00:00Z'],
    ['02/03/2018', 'dmy', '2018-03-02T00:00:00Z'],
    ['2/26/2018 7:58 PM', 'mdy', '2018-02-26T19:58:00Z'],
    ['2/26/2018, 12:05:09 am', 'mdy', '2018-02-26T00:05:09Z'],
    ['2/26/2018 12:05PM', 'mdy', '2018-02-26T12:05:00Z'],
    ['26.2.2018 19:58', 'dmy', '2018-02-26T19:58:00Z'],
    ['26-02-2018 07:58:54', 'dmy', '2018-02-26T07:58:54Z'],
    ['2018-02-26 7:58 pm', 'dmy', '2018-02-26T19:58:00Z'],
    ['26/2/2018 7:58 +02:00', 'dmy', '2018-02-26T05:58:00Z'],
    ['2018-02-26', 'dmy', '2018-02-26T00:00:00Z'],
  ])('%s in the order %s is %s', (text, dates, moment) => {
    expect(instant(text, 'UTC', dates)).toBe(moment);
  });

  test.each([
    ['02/26/2018', /import with --dates mdy or --dates dmy/],
    ['soon', /is not a time/],
    ['1519675134', /is not a time/],
    ['2018-02-26 25:00', /is not a time/],
    ['2018-02-26 12:60', /is not a time/],
    ['2018-02-30', /no calendar has/],
    ['2018-02-30 10:00', /no calendar has/],
    ['26/02/18', /is not a time/],
    ['2018-02-26 10:00+1:000', /is not a time/],
    ['2018-02-26 10', /is not a time/],
  ])('%s is refused', (text, reason) => {
    expect(() => inZone('UTC').moment(text)).toThrow(reason);
  });

  test.each([
    '13/13/2018',
    '2/30/2018',
    '2/26/2018 13:00 PM',
    '2/26/2018 0:30 AM',
    '2/26/2018 24:00',
  ])('%s is refused whatever the order', (text) => {
    expect(() => inZone('UTC', 'mdy').moment(text)).toThrow();
    expect(() => inZone('UTC', 'dmy').moment(text)).toThrow();
  });

  test('without an offset it needs a zone, which a key may not be able to read', () => {
    const read = () => inZone(undefined).moment('2018-02-26');
    expect(read).toThrow(/^The time "2018-02-26" has no offset, and this key may not read/);
    // Not a fault of this row alone: the next ones would all be rejected for it.
    expect(read).not.toThrow(RowFault);
  });
});

describe('a date', () => {
  test.each([
    ['2018-02-26', '2018-02-26'],
    ['2018-02-26 00:00:00', '2018-02-26'],
    ['26/02/2018', '2018-02-26'],
  ])('%s is %s', (text, date) => {
    expect(inZone(undefined, 'dmy').date(text)).toBe(date);
  });

  test.each([
    ['2018-02-26 10:00', /^is not a date: write 2026-11-22, without a time$/],
    ['2018-02-26 25:00', /^is not a date: write/],
    ['2018-02-29', /no calendar has/],
    ['May', /^is not a date: write/],
    ['02/26/2018', /--dates mdy or --dates dmy/],
  ])('%s is none', (text, reason) => {
    expect(() => inZone('UTC').date(text)).toThrow(reason);
  });
});
