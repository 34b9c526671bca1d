import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { checkMinutes } from '../core/catalogue/schedules.ts';
import { isTimezone } from '../core/catalogue/timezone.ts';

/**
 * What can differ between deployments: each a context key, in cdk.json under `stages` and the name
 * of the stage. Beside `stages`, or as `-c name=value`, it holds whatever the stage says.
 */
export interface Settings {
  /** One of those under `stages`; names the stack. */
  readonly stage: string;
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
  /** Minutes between two checks of the alert rules: an hour or a part of it. */
  readonly checkMinutes: number;
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
   * Whether AWS refuses to delete the stack, the database and people's accounts. Of a database that
   * is removed from the stack a last snapshot is taken; accounts, queued leads and the secret that
   * signs keys stay.
   */
  readonly protectDatabase: boolean;
  /** Days for which logs are kept. */
  readonly logDays: RetentionDays;
  /** Requests a second that the whole API takes over a longer time, and at once. */
  readonly requestRate: number;
  readonly requestBurst: number;
  /** A name of one's own for the API, its certificate, and its zone in Route 53 if it is there. */
  readonly domainName?: string;
  readonly certificateArn?: string;
  readonly hostedZoneId?: string;
  /** Whose workflows may deploy: `owner/name`, as GitHub's tokens say it; makes their roles. */
  readonly githubRepository?: string;
  /** Its environments that may deploy to this account; when left out the one named as the stage. */
  readonly githubEnvironments: readonly string[];
  /** Whether to register GitHub in the account: false where that is done, as AWS takes it once. */
  readonly registerGithub: boolean;
}

const defaults = {
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
  maxCapacity: 4,
  requestRate: 50,
  requestBurst: 100,
  registerGithub: true,
};

type Values = Record<keyof Settings, unknown>;

type Rule = [test: (value: never, all: Values) => boolean, must: string];

const days = 'must be a whole number from 1 to 99999';

const rules: Record<Exclude<keyof Settings, 'stage'>, Rule> = {
  WORKSPACE_TIMEZONE: [isTimezone, 'must be an IANA time zone such as America/New_York'],
  WORKSPACE_CURRENCY: [(v: string) => /^[A-Z]{3}$/.test(v), 'must be a code such as USD'],
  DEFAULT_COUNTRY: [(v: string) => /^[A-Z]{2}$/.test(v), 'must be a code such as US'],
  RETAIN_RAW_DATA_DAYS: [(v?: number) => v === undefined || isWhole(v, 1, 99_999), days],
  RETAIN_PEOPLE_DAYS: [(v?: number) => v === undefined || isWhole(v, 1, 99_999), days],
  RETAIN_RECORDS_DAYS: [(v: number) => isWhole(v, 1, 99_999), days],
  RETAIN_AUDIT_DAYS: [(v: number) => isWhole(v, 1, 99_999), days],
  checkMinutes: [(v: number) => checkMinutes.includes(v), 'must be 5, 10, 15, 20, 30 or 60'],
  alertEmails: [areEmails, 'must be a list of e-mail addresses, with commas between them'],
  chat: [
    (v: unknown) => /^(off|topic|T[A-Z0-9]{1,20}\/[CG][A-Z0-9]{1,20})$/.test(String(v)),
    'must be off, topic, or the ids of a Slack workspace and channel such as T0AB1CD2E/C0FG3HI4J',
  ],
  pageUrls: [areUrls, 'must be a list of https://… (or http://localhost) addresses, with commas'],
  biSeesPeople: [isBoolean, 'must be true or false'],
  minCapacity: [(v: number) => isCapacity(v, 0), 'must be 0 to 256 in steps of 0.5'],
  maxCapacity: [
    (v: number, { minCapacity }) =>
      isCapacity(v, 1) && !(isCapacity(minCapacity as number, 0) && v < Number(minCapacity)),
    'must be 1 to 256 in steps of 0.5, and not below minCapacity',
  ],
  backupDays: [(v: number) => isWhole(v, 1, 35), 'must be a whole number from 1 to 35'],
  protectDatabase: [isBoolean, 'must be true or false'],
  logDays: [isLogDays, 'must be one that CloudWatch has: 7, 30, 90, 365…'],
  requestRate: [(v: number) => isWhole(v, 1, 10_000), 'must be a whole number from 1 to 10000'],
  requestBurst: [(v: number) => isWhole(v, 1, 5_000), 'must be a whole number from 1 to 5000'],
  domainName: [
    (v?: string) => v === undefined || isHostName(v),
    'must be a name such as leads.example.com, in small letters and without https://',
  ],
  certificateArn: [
    (v: string | undefined, all) =>
      (v === undefined) === (all.domainName === undefined) && (v === undefined || isHere(v)),
    'must be the ARN of a certificate in ACM, in the region of the stack, beside a domainName',
  ],
  hostedZoneId: [
    (v: string | undefined, all) =>
      v === undefined || (/^Z[A-Z0-9]{1,31}$/.test(v) && all.domainName !== undefined),
    'must be the id of a zone in Route 53 such as Z0123456789ABCDEFGHIJ, beside a domainName',
  ],
  githubRepository: [
    (v?: string) => v === undefined || /^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/.test(v),
    'must be owner/name, or owner@id/name@id for a repository whose tokens say it so',
  ],
  githubEnvironments: [
    (v: unknown) => Array.isArray(v) && v.length > 0 && v.every((name) => /^[\w-]+$/.test(name)),
    'must be a list of environments of the repository, with commas between them',
  ],
  registerGithub: [isBoolean, 'must be true or false'],
};

/** The name of each. */
export const settingNames = ['stage', ...Object.keys(rules)];

const lists = ['alertEmails', 'pageUrls', 'githubEnvironments'];

const booleans = ['protectDatabase', 'registerGithub', 'biSeesPeople'];

/** What is wrong with the settings: a sentence a line. */
export class WrongSettings extends Error {}

/** Reads the settings from the app's context; throws WrongSettings. */
export function readSettings(node: Node): Settings {
  const { stages, ...context }: Record<string, unknown> = node.getAllContext();
  const { stage, ofStage, problems } = readStage(stages, String(context.stage ?? 'dev'));
  // Names with a colon, an @ or a slash are the CDK's own.
  const beside = Object.entries(context).filter(([name]) => /^\w+$/.test(name));
  const given: Record<string, unknown> = { ...ofStage, ...Object.fromEntries(beside), stage };
  const values = {
    ...defaults,
    githubEnvironments: [stage],
    ...Object.fromEntries(Object.entries(given).map(([name, v]) => [name, plain(name, v)])),
  } as Values;
  const wrong = Object.entries(rules)
    .filter(([name, [test]]) => !test(values[name as keyof Settings] as never, values))
    .map(
      ([name, [, must]]) =>
        `${name} ${must}, and is ${told(given[name] ?? values[name as keyof Settings])}.`,
    );
  const unknown = Object.keys(given)
    .filter((name) => !settingNames.includes(name))
    .map((name) => `There is no setting ${name}; there are ${settingNames.join(', ')}.`);
  const sentences = [...problems, ...wrong, ...unknown];
  if (sentences.length > 0) throw new WrongSettings(sentences.join('\n'));
  return withPage(values as unknown as Settings);
}

/** The chosen stage and what cdk.json says of it; of an unknown one the first one's, to go on. */
function readStage(stages: unknown, stage: string) {
  const known = new Map(Object.entries((stages ?? {}) as Record<string, Record<string, unknown>>));
  // It is part of names that AWS limits: of a function 64 characters, of Cognito's domain 63.
  const misnamed = [...known.keys()].filter((name) => !/^[a-z][a-z0-9]{0,15}$/.test(name));
  const problems = misnamed.map(
    (name) => `A stage must be 1 to 16 small letters and digits, and one is ${told(name)}.`,
  );
  if (!known.has(stage)) {
    problems.push(`stage must be ${[...known.keys()].join(' or ')}, and is ${told(stage)}.`);
  }
  return { stage, ofStage: known.get(stage) ?? [...known.values()][0] ?? {}, problems };
}

/** The page is served by the API: people who sign in come back to its name. */
function withPage(settings: Settings): Settings {
  const { domainName, pageUrls } = settings;
  if (domainName === undefined) return settings;
  return { ...settings, pageUrls: [...new Set([`https://${domainName}/`, ...pageUrls])] };
}

const told = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value));

/** From the command line all values come as text. */
function plain(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (lists.includes(name)) return value.split(',').flatMap((one) => one.trim() || []);
  if (booleans.includes(name)) return { true: true, false: false }[value] ?? value;
  const isNumber = /^(min|max|backup|check|log|request|RETAIN_)/.test(name) && value.trim() !== '';
  return isNumber ? Number(value) : value;
}

/** Not for ever: logs tell who read whose data. */
function isLogDays(value: unknown): boolean {
  return typeof value === 'number' && value in RetentionDays && value !== RetentionDays.INFINITE;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isHostName(name: string): boolean {
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  const labels = String(name).split('.');
  return labels.length > 1 && name.length <= 253 && labels.every((one) => label.test(one));
}

/** The CDK's CLI tells the region once it has credentials; before that it would be a guess. */
function isHere(certificateArn: string): boolean {
  const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = process.env;
  const found = /^arn:aws[\w-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/.exec(certificateArn);
  return found !== null && (!CDK_DEFAULT_ACCOUNT || found[1] === CDK_DEFAULT_REGION);
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
