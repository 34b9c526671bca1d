import * as z from 'zod/mini';
import { isTimezone } from './catalogue/timezone.ts';

const text = z.string('is missing').check(z.minLength(1, 'is empty'));

const days = (meaning: string) =>
  z.pipe(
    z.string().check(
      z.refine((given) => /^[1-9]\d{0,4}$/.test(given), 'must be a whole number from 1 to 99999'),
      z.describe(meaning),
    ),
    z.transform(Number),
  );

/** Every variable, what it means, and where it has one, its default. */
export const settingsSchema = z.object({
  DATABASE_CLUSTER_ARN: text.check(z.describe('The Aurora cluster, as the Data API names it')),
  DATABASE_SECRET_ARN: text.check(z.describe("The secret with the database role's password")),
  DATABASE_READ_SECRET_ARN: z.optional(
    text.check(z.describe('For migrate: the login of the role that only reads')),
  ),
  DATABASE_WRITE_SECRET_ARN: z.optional(
    text.check(z.describe('For migrate: the login of the role that writes')),
  ),
  DATABASE_BI_SECRET_ARN: z.optional(
    text.check(z.describe('For migrate: the login of BI tools, which only read')),
  ),
  BI_SEES_PEOPLE: z._default(
    z
      .enum(['yes', 'no'], 'must be yes or no')
      .check(z.describe('For migrate: whether BI tools see names, contact data and addresses')),
    'no',
  ),
  DATABASE_NAME: z._default(text.check(z.describe('The database')), 'leadpulse'),
  ALERT_TOPIC_ARN: z.optional(text.check(z.describe('The SNS topic that alerts go to'))),
  CHAT_TOPIC_ARN: z.optional(
    text.check(z.describe('The SNS topic of a chat, where there is one: alerts go there too')),
  ),
  API_URL: z.optional(
    text.check(
      z.refine((given) => /^https?:\/\/[^\s/]/.test(given), 'must begin with http:// or https://'),
      z.describe('Where the API is: links in messages begin so; without it they are paths'),
    ),
  ),
  INGEST_QUEUE_URL: z.optional(
    text.check(z.describe('The SQS queue that keeps what comes in while the database is away')),
  ),
  INGEST_DLQ_URL: z.optional(
    text.check(z.describe('The SQS queue of what can never be stored, for a person to look at')),
  ),
  KEY_SECRET_ARN: z.optional(text.check(z.describe('The key-signing secret in Secrets Manager'))),
  KEY_SECRET_FILE: z.optional(
    text.check(z.describe('On one machine: the file of mode 600 with the key-signing secret')),
  ),
  TOKEN_ISSUER: z.optional(
    text.check(
      z.describe('Who signs the tokens of people: their `iss`. Without it no token opens'),
    ),
  ),
  TOKEN_AUDIENCE: z.optional(
    text.check(z.describe('Whom tokens are for: their `aud`, else `client_id`. As above')),
  ),
  TOKEN_KEYS_URL: z.optional(
    text.check(
      z.describe('Where its keys are; when left out /.well-known/jwks.json of the issuer'),
    ),
  ),
  WORKSPACE_TIMEZONE: z._default(
    text.check(
      z.refine(isTimezone, 'is not an IANA time zone'),
      z.describe('The IANA zone in which days, weeks and months are counted'),
    ),
    'UTC',
  ),
  WORKSPACE_CURRENCY: z._default(
    text.check(
      z.regex(/^[A-Z]{3}$/, 'must be a code such as USD'),
      z.describe('The ISO 4217 code of all amounts'),
    ),
    'USD',
  ),
  DEFAULT_COUNTRY: z._default(
    text.check(
      z.regex(/^[A-Z]{2}$/, 'must be a code such as US'),
      z.describe('The ISO 3166 code: how phone numbers without a country are read'),
    ),
    'US',
  ),
  METRICS_SERVICE: z.optional(
    text.check(z.describe('The deployment, as metrics name it. Without it none are written')),
  ),
  METRICS_FUNCTION: z.optional(text.check(z.describe('The function, as metrics name it'))),
  RETAIN_RAW_DATA_DAYS: z.optional(
    days('Days for which `raw_data` is kept after a lead came in; for ever where it is not set'),
  ),
  RETAIN_PEOPLE_DAYS: z.optional(
    days(
      'Days after which the person of a lead that did not buy is erased, since the last event; ' +
        'never where it is not set',
    ),
  ),
  RETAIN_RECORDS_DAYS: z.prefault(
    days('Days for which jobs, published alerts and incidents that are over are kept'),
    '365',
  ),
  RETAIN_AUDIT_DAYS: z.prefault(
    days('Days for which it is on record who erased or took out whose data'),
    '365',
  ),
});

/** The environment of a function, checked. */
export type Settings = z.infer<typeof settingsSchema>;

let read: Settings | undefined;

/**
 * Every environment variable leadpulse reads, checked on first use. Throws with the names of the
 * wrong ones.
 */
export function settings(): Settings {
  read ??= parse();
  return read;
}

function parse(): Settings {
  const result = settingsSchema.safeParse(process.env);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Error(`wrong settings: ${names.join('; ')}`);
}
