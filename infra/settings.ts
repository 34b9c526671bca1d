import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { isTimezone } from '../core/catalogue/timezone.ts';

/** What can differ between deployments: each a context key, in cdk.json or by `-c name=value`. */
export interface Settings {
  /** Names the stack, and sets the defaults below. */
  readonly stage: keyof typeof stageDefaults;
  /** IANA zone in which days are counted and schedules run. */
  readonly WORKSPACE_TIMEZONE: string;
  /** ISO 4217 code of all amounts. */
  readonly WORKSPACE_CURRENCY: string;
  /** ISO 3166 code: how phone numbers without a country are read. */
  readonly DEFAULT_COUNTRY: string;
  /** Days after which `raw_data`, and the persons of leads that did not buy, go; unset: never. */
  readonly RETAIN_RAW_DATA_DAYS?: number;
  readonly RETAIN_PEOPLE_DAYS?: number;
  /** Days for which it is on record what jobs did, and who erased or took out whose data. */
  readonly RETAIN_RECORDS_DAYS: number;
  readonly RETAIN_AUDIT_DAYS: number;
  /** Who gets alerts by e-mail; each has to confirm the subscription AWS offers by e-mail. */
  readonly alertEmails: readonly string[];
  /**
   * Whether alerts go to a chat, too: off; topic, to connect Amazon Q Developer to by hand; or the
   * ids of a Slack workspace and channel, T…/C…, that Amazon Q has been let into.
   */
  readonly chat: string;
  /** Addresses of the page: where people are sent after they have signed in or out. */
  readonly pageUrls: readonly string[];
  /** Whether the login of BI tools sees leads' names, contact data and addresses. */
  readonly biSeesPeople: boolean;
  /** Aurora capacity units, 2 GiB each; a minimum of 0 lets the database pause when idle. */
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Days for which the database can be restored to any second. */
  readonly backupDays: number;
  /**
   * Whether AWS refuses to delete the database and people's accounts; where they are removed from
   * the stack, of the one a last snapshot is taken, and the others stay.
   */
  readonly protectDatabase: boolean;
  /** Days for which logs are kept. */
  readonly logDays: RetentionDays;
  /** Requests a second that the whole API takes over a longer time, and at once. */
  readonly requestRate: number;
  readonly requestBurst: number;
}

// The hourly job wakes a database that may pause: 0 saves money only where hours lie between runs.
const stageDefaults = {
  dev: { minCapacity: 0, backupDays: 1, protectDatabase: false, logDays: 7 },
  prod: { minCapacity: 0.5, backupDays: 14, protectDatabase: true, logDays: 90 },
};

const defaults = {
  WORKSPACE_TIMEZONE: 'UTC',
  WORKSPACE_CURRENCY: 'USD',
  DEFAULT_COUNTRY: 'US',
  RETAIN_RECORDS_DAYS: 365,
  RETAIN_AUDIT_DAYS: 365,
  alertEmails: [],
  chat: 'off',
  biSeesPeople: false,
  pageUrls: ['http://localhost:4000/'],
  maxCapacity: 4,
  requestRate: 50,
  requestBurst: 100,
};

type Values = Record<keyof Settings, unknown>;

type Rule = [test: (value: never, all: Values) => boolean, must: string];

const days = 'must be a whole number from 1 to 99999';

const rules: Record<keyof Settings, Rule> = {
  stage: [(v: string) => Object.hasOwn(stageDefaults, v), 'must be dev or prod'],
  WORKSPACE_TIMEZONE: [isTimezone, 'must be an IANA time zone such as America/New_York'],
  WORKSPACE_CURRENCY: [(v: string) => /^[A-Z]{3}$/.test(v), 'must be a code such as USD'],
  DEFAULT_COUNTRY: [(v: string) => /^[A-Z]{2}$/.test(v), 'must be a code such as US'],
  RETAIN_RAW_DATA_DAYS: [(v?: number) => v === undefined || isWhole(v, 1, 99_999), days],
  RETAIN_PEOPLE_DAYS: [(v?: number) => v === undefined || isWhole(v, 1, 99_999), days],
  RETAIN_RECORDS_DAYS: [(v: number) => isWhole(v, 1, 99_999), days],
  RETAIN_AUDIT_DAYS: [(v: number) => isWhole(v, 1, 99_999), days],
  alertEmails: [areEmails, 'must be a list of e-mail addresses, with commas between them'],
  chat: [
    (v: unknown) => /^(off|topic|T[A-Z0-9]{1,20}\/[CG][A-Z0-9]{1,20})$/.test(String(v)),
    'must be off, topic, or the ids of a Slack workspace and channel such as T0AB1CD2E/C0FG3HI4J',
  ],
  pageUrls: [areUrls, 'must be a list of https://… (or http://localhost) addresses, with commas'],
  biSeesPeople: [(v: unknown) => typeof v === 'boolean', 'must be true or false'],
  minCapacity: [(v: number) => isCapacity(v, 0), 'must be 0 to 256 in steps of 0.5'],
  maxCapacity: [
    (v: number, all) => isCapacity(v, 1) && !(v < Number(all.minCapacity)),
    'must be 1 to 256 in steps of 0.5, and not below minCapacity',
  ],
  backupDays: [(v: number) => isWhole(v, 1, 35), 'must be a whole number from 1 to 35'],
  protectDatabase: [(v: unknown) => typeof v === 'boolean', 'must be true or false'],
  logDays: [(v: number) => v in RetentionDays, 'must be one that CloudWatch has: 7, 30, 90, 365…'],
  requestRate: [(v: number) => isWhole(v, 1, 10_000), 'must be a whole number from 1 to 10000'],
  requestBurst: [(v: number) => isWhole(v, 1, 5_000), 'must be a whole number from 1 to 5000'],
};

/** Reads the settings from the app's context; throws one sentence for each that is wrong. */
export function readSettings(node: Node): Settings {
  const context: Record<string, unknown> = node.getAllContext();
  const given = Object.entries(context).filter(([name]) => Object.hasOwn(rules, name));
  const stage = String(context.stage ?? 'dev') as Settings['stage'];
  const values = {
    ...defaults,
    ...stageDefaults[Object.hasOwn(stageDefaults, stage) ? stage : 'dev'],
    ...Object.fromEntries(given.map(([name, value]) => [name, plain(name, value)])),
    stage,
  } as Values;
  const wrong = Object.entries(rules)
    .filter(([name, [test]]) => !test(values[name as keyof Settings] as never, values))
    .map(([name, [, must]]) => `${name} ${must}, and is ${JSON.stringify(context[name])}.`);
  // Names with a colon, an @ or a slash are the CDK's own.
  const unknown = Object.keys(context)
    .filter((name) => /^\w+$/.test(name) && !Object.hasOwn(rules, name))
    .map((name) => `There is no setting ${name}; there are ${Object.keys(rules).join(', ')}.`);
  if (wrong.length + unknown.length > 0) throw new Error([...wrong, ...unknown].join('\n'));
  return values as unknown as Settings;
}

/** From the command line all values come as text. */
function plain(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (name === 'alertEmails' || name === 'pageUrls') {
    return value.split(',').flatMap((one) => one.trim() || []);
  }
  if (name === 'protectDatabase' || name === 'biSeesPeople') {
    return { true: true, false: false }[value] ?? value;
  }
  const isNumber = /^(min|max|backup|log|request|RETAIN_)/.test(name) && value.trim() !== '';
  return isNumber ? Number(value) : value;
}

function areEmails(value: unknown): boolean {
  if (!Array.isArray(value) || new Set(value).size < value.length) return false;
  return value.every((email) => /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(email));
}

/** Cognito takes http for this one host alone. */
function areUrls(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((url) => /^(https:\/\/|http:\/\/localhost[:/])[^\s#]+$/.test(url));
}

function isCapacity(value: number, least: number): boolean {
  return value >= least && value <= 256 && Number.isInteger(value * 2);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
