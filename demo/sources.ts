/** Leads of each hour, each day from Sunday to Saturday, each month, relative to the others. */
type Rhythm = readonly number[];
const evenings: Rhythm = [
  5, 3, 2, 1, 1, 2, 6, 12, 18, 24, 28, 29, 30, 28, 27, 27, 29, 33, 39, 46, 48, 40, 25, 12,
];
const nights: Rhythm = [
  14, 8, 5, 3, 2, 3, 7, 12, 15, 17, 18, 20, 24, 20, 18, 18, 21, 26, 33, 42, 52, 55, 46, 28,
];
const business: Rhythm = [
  0, 0, 0, 0, 0, 0, 1, 5, 20, 38, 42, 40, 32, 36, 40, 38, 34, 24, 12, 8, 6, 3, 1, 0,
];
const showings: Rhythm = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 30, 40, 30, 8, 30, 20, 0, 0, 0, 0, 0,
];
const weekEnds: Rhythm = [125, 95, 95, 95, 95, 90, 120];
const workDays: Rhythm = [35, 120, 115, 110, 110, 100, 50];
const showingDays: Rhythm = [260, 0, 60, 0, 60, 0, 300];

/** People buy houses in spring. */
export const months: Rhythm = [80, 90, 108, 118, 122, 115, 108, 102, 96, 92, 82, 70];

/** Where leads come from. */
export interface Source {
  readonly name: string;
  /** Leads in a hundred. */
  readonly share: number;
  readonly hours: Rhythm;
  readonly days: Rhythm;
  /** How many of a hundred are scored A, B, C and D; the others are not. */
  readonly scored: readonly number[];
  /** How willing its leads are, beside their scores and relative to the others'. */
  readonly willing: number;
  /** What a lead costs in the mean. */
  readonly cost: number;
  /** utm_source, utm_medium and the campaigns. */
  readonly utm?: readonly string[];
}

type Row = readonly [string, number, Rhythm, Rhythm, Source['scored'], number, number, string[]?];

const facebook = ['facebook', 'paid-social', 'home-value-quiz', 'first-time-buyers', 'just-listed'];
const google = ['google', 'cpc', 'homes-for-sale', 'sell-your-home', 'brand'];
const letters = ['newsletter', 'email', 'market-report', 'neighbourhood-guide'];
const instagram = ['instagram', 'paid-social', 'reels-tours', 'stories'];

const rows: readonly Row[] = [
  // name, share, hours, days, scored, willing, cost, utm
  ['zillow', 27, evenings, weekEnds, [12, 27, 33, 14], 1, 46],
  ['facebook', 20, nights, weekEnds, [3, 14, 38, 33], 0.4, 22, facebook],
  ['realtor.com', 17, evenings, weekEnds, [10, 24, 35, 16], 0.9, 39],
  ['google ads', 14, business, workDays, [18, 33, 26, 9], 1.15, 58, google],
  ['website', 9, evenings, workDays, [20, 34, 24, 8], 1.3, 6, letters],
  ['instagram', 5, nights, weekEnds, [6, 20, 37, 24], 0.7, 24, instagram],
  ['open house', 3.5, showings, showingDays, [18, 36, 28, 8], 1.5, 14],
  ['referral', 3, business, workDays, [46, 34, 10, 2], 2, 0],
  // Entered by hand, by someone who had no time to say from where.
  ['', 1.5, business, workDays, [8, 18, 24, 10], 0.8, 0],
];

/** The sources. */
export const sources: readonly Source[] = rows.map(
  ([name, share, hours, days, scored, willing, cost, utm]) => ({
    ...{ name, share, hours, days, scored, willing, cost },
    ...(utm && { utm }),
  }),
);

/** Its form broke three weeks ago. Nobody has noticed, and the advertisements go on. */
export const silent = { source: 'instagram', days: 21 };

/** Where the instant responder answers, and since how many days. */
export const responder = { sources: ['facebook', 'instagram'], days: 150 };
