import * as z from 'zod/mini';

/** The lead's fields that a mapping can fill; `full_name` is split into first and last name. */
export const mappedFields = [
  'external_id',
  'created_at',
  'full_name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'property_address',
  'property_city',
  'property_state',
  'property_zip',
  'estimated_value',
  'mortgage_balance',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'referrer_url',
  'notes',
  'quality_score',
  'is_test',
] as const;

/** One of them. */
export type MappedField = (typeof mappedFields)[number];

const path = z.string().check(
  z.maxLength(300),
  z.refine((text) => text.startsWith('/'), 'must begin with /, as a JSON pointer does'),
);
const constant = z.strictObject({ constant: z.string().check(z.minLength(1), z.maxLength(200)) });
const candidate = z.union([path, constant]);
const candidates = z.union([candidate, z.array(candidate).check(z.minLength(1), z.maxLength(10))]);

const fields = Object.fromEntries(
  mappedFields.map((name) => [name, z.optional(candidates)]),
) as Record<MappedField, z.ZodMiniOptional<typeof candidates>>;

/** From where each field of a lead is filled: paths and constants, the first that is there. */
export const mapping = z.strictObject(fields).check(
  z.refine((given) => !given.external_id || onlyPaths(given.external_id), {
    path: ['external_id'],
    message: 'cannot be a constant: all leads would be one',
  }),
  z.refine((given) => JSON.stringify(given).length <= 6 * 1024, 'may be at most 6 KB'),
);

/** A mapping. */
export type Mapping = z.infer<typeof mapping>;

type Candidates = z.infer<typeof candidates>;

/** Always a list. */
export function listed(given: Candidates) {
  return Array.isArray(given) ? given : [given];
}

function onlyPaths(given: Candidates): boolean {
  return listed(given).every((one) => typeof one === 'string');
}

/** What every browser, proxy or API Gateway sends of itself: of a person, and no proof. */
const everybodys = new RegExp(
  '^(accept|accept-.*|connection|content-length|cookie|forwarded|host|referer|sec-.*|' +
    'user-agent|via|x-amzn-trace-id|x-forwarded-.*|x-real-ip)$',
  'i',
);

/**
 * Whether a header can show who sent a submission: what cannot is not kept where it has to wait.
 */
export function isSendersOwn(name: string): boolean {
  return /^[A-Za-z0-9-]{1,100}$/.test(name) && !everybodys.test(name);
}

const headerName = z.pipe(
  z.string().check(
    z.regex(/^[A-Za-z0-9-]{1,100}$/, 'must be a header name'),
    z.refine((name) => !everybodys.test(name), 'is a header that everybody sends'),
  ),
  z.transform((name: string) => name.toLowerCase()),
);

/** How a source shows that it is the one; the secrets stand elsewhere. */
export const authenticity = z.union([
  z.strictObject({ kind: z.literal('key') }),
  z.strictObject({ kind: z.literal('secret'), in: z.literal('header'), name: headerName }),
  z.strictObject({
    kind: z.literal('secret'),
    in: z.literal('query'),
    name: z.string().check(z.minLength(1), z.maxLength(100)),
  }),
  z.strictObject({ kind: z.literal('secret'), in: z.literal('body'), name: path }),
  z.strictObject({
    kind: z.literal('hmac'),
    header: headerName,
    algorithm: z.enum(['sha1', 'sha256']),
    encoding: z.enum(['hex', 'base64']),
    prefix: z.optional(z.string().check(z.maxLength(20))),
    timestamp_header: z.optional(headerName),
    separator: z.optional(z.string().check(z.maxLength(5))),
  }),
  z.strictObject({ kind: z.literal('standard-webhooks') }),
]);

/** How a source shows that it is the one. */
export type Authenticity = z.infer<typeof authenticity>;
