/** What a function does to the database: each duty has a role of its own there. */
export type Duty = 'read' | 'write' | 'migrate';

/** A Lambda: its file is `functions/<name>.ts`, its name what AWS and the logs call it. */
export interface FunctionEntry {
  readonly summary: string;
  /** What sets it going. */
  readonly trigger: 'http' | 'authorizer' | 'queue' | 'schedule' | 'deploy';
  readonly timeout_seconds: number;
  readonly memory_mb: number;
  /** What it may use beside its own log. */
  readonly uses: readonly (`database:${Duty}` | 'key-secret' | 'alert-topic' | 'ingest-queue')[];
}

/** Every function that exists. */
export const functions = {
  authorize: {
    summary: 'Who is calling, and may they call this route?',
    trigger: 'authorizer',
    timeout_seconds: 5,
    memory_mb: 512,
    uses: ['key-secret', 'database:read'],
  },
  ingest: {
    summary: 'Takes in leads and what happens to them',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write', 'ingest-queue'],
  },
  'store-queued': {
    summary: 'Stores what came in while the database was away',
    trigger: 'queue',
    timeout_seconds: 60,
    memory_mb: 512,
    uses: ['database:write', 'ingest-queue'],
  },
  manage: {
    summary: 'Shows and corrects leads and events',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write'],
  },
  workspace: {
    summary: "The team's own: agents, skills, spend, zone and currency",
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write'],
  },
  alerts: {
    summary: 'Says by when leads are due, what must not happen, and what went wrong',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write'],
  },
  experiments: {
    summary: 'Plans, starts and decides experiments',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write'],
  },
  keys: {
    summary: 'Makes, lists, revokes and rotates keys',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 512,
    uses: ['database:write', 'key-secret'],
  },
  hooks: {
    summary: 'Takes in what forms and providers send, and says how it is read',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:write', 'ingest-queue', 'key-secret'],
  },
  reports: {
    summary: 'Answers the reports',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 1024,
    uses: ['database:read'],
  },
  site: {
    summary: 'Public: health, the API description, the page, and unknown routes',
    trigger: 'http',
    timeout_seconds: 29,
    memory_mb: 512,
    uses: ['database:read'],
  },
  'check-sla': {
    summary: 'Checks the alert rules and publishes what they say',
    trigger: 'schedule',
    timeout_seconds: 120,
    memory_mb: 512,
    uses: ['database:write', 'alert-topic'],
  },
  'send-digest': {
    summary: 'Sends the digest of the day before',
    trigger: 'schedule',
    timeout_seconds: 120,
    memory_mb: 512,
    uses: ['database:write', 'alert-topic'],
  },
  'evaluate-experiments': {
    summary: 'Judges the experiments that run, and publishes what became of them',
    trigger: 'schedule',
    timeout_seconds: 300,
    memory_mb: 1024,
    uses: ['database:write', 'alert-topic'],
  },
  'refresh-metrics': {
    summary: 'Refreshes the materialized view lead_metrics',
    trigger: 'schedule',
    timeout_seconds: 900,
    memory_mb: 512,
    uses: ['database:write'],
  },
  'apply-retention': {
    summary: 'Empties what is older than it may be',
    trigger: 'schedule',
    timeout_seconds: 900,
    memory_mb: 512,
    uses: ['database:write'],
  },
  migrate: {
    summary: 'Brings the database to what this version expects, before it serves',
    trigger: 'deploy',
    timeout_seconds: 900,
    memory_mb: 512,
    uses: ['database:migrate'],
  },
} as const satisfies Record<string, FunctionEntry>;

/** The name of a function. */
export type FunctionName = keyof typeof functions;
