import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));

const schema = z.object({
  /** Aurora cluster, as the Data API names it. */
  DATABASE_CLUSTER_ARN: text,
  /** Secret with the database role's user and password. */
  DATABASE_SECRET_ARN: text,
  DATABASE_NAME: z._default(text, 'leadpulse'),
  /** Where alerts are published; empty: nowhere, and the jobs say so. */
  ALERT_TOPIC_ARN: z.optional(text),
  /** The key-signing secret in Secrets Manager, or, on one machine, a file of mode 600. */
  KEY_SECRET_ARN: z.optional(text),
  KEY_SECRET_FILE: z.optional(text),
  /** IANA zone in which days, weeks and months are counted. */
  WORKSPACE_TIMEZONE: z._default(
    text.check(z.refine(isTimezone, 'WORKSPACE_TIMEZONE is not an IANA time zone')),
    'UTC',
  ),
  /** ISO 4217 code of all amounts. */
  WORKSPACE_CURRENCY: z._default(text.check(z.regex(/^[A-Z]{3}$/)), 'USD'),
  /** ISO 3166 code: how phone numbers without a country are read. */
  DEFAULT_COUNTRY: z._default(text.check(z.regex(/^[A-Z]{2}$/)), 'US'),
});

/** The environment of a function, checked. */
export type Settings = z.infer<typeof schema>;

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
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`wrong settings: ${names.join('; ')}`);
}

function isTimezone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}
