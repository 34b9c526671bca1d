import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { DatabaseError } from '../database/errors.ts';
import { framesOf, logger } from '../log.ts';
import { count, writeMetrics } from '../metrics.ts';

/** What a run did, in numbers. */
export type Outcome = Readonly<Record<string, number>>;

/** Does what is due at a scheduled time, `2026-11-22T10:00:00Z`, once however often fired. */
export type Job = (scheduledAt: string) => Promise<Outcome>;

type JobRequest = middy.Request<unknown, object, Error>;

/**
 * What EventBridge Scheduler sends, its scheduled time put in. Whole seconds: what a job does is
 * keyed by them.
 */
const scheduled = z.object({
  scheduled_at: z.pipe(
    z.iso.datetime({ offset: true }),
    z.transform((moment) => `${new Date(moment).toISOString().slice(0, 19)}Z`),
  ),
});

/** The Lambda handler of a job: the one stack every schedule has. Errors go on to Lambda. */
export function jobHandler(name: string, job: Job) {
  return middy<unknown, Outcome>()
    .use(writesMetrics())
    .use(logRuns(name))
    .handler(async (event) => {
      const started = Date.now();
      const outcome = await job(scheduled.parse(event).scheduled_at);
      count('JobRuns');
      count('JobMilliseconds', Date.now() - started);
      return outcome;
    });
}

/** A message as a queue hands it over. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** Does what messages ask for, at a moment; says which of them have to come again. */
export type QueueJob = (
  records: readonly QueueRecord[],
  now: string,
) => Promise<{ failed: readonly string[]; outcome: Outcome }>;

/** The Lambda handler of a queue: a message that fails harms no other of its batch. */
export function queueHandler(name: string, job: QueueJob) {
  const outcomes = new WeakMap<object, Outcome>();
  return middy<SQSEvent, SQSBatchResponse>()
    .use(writesMetrics())
    .use(logRuns(name, (response) => outcomes.get(response)))
    .handler(async ({ Records }) => {
      const records = Records.map(({ messageId, receiptHandle, body, attributes }) => ({
        messageId,
        receiptHandle,
        body,
        sentAt: Number(attributes.SentTimestamp),
      }));
      const { failed, outcome } = await job(records, new Date().toISOString());
      const response = {
        batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
      };
      outcomes.set(response, outcome);
      return response;
    });
}

/** The Lambda handler of what a deployment runs once, before it serves. */
export function deploymentHandler<T extends object>(name: string, run: () => Promise<T>) {
  return middy<unknown, T>()
    .use(writesMetrics())
    .use(logRuns(name))
    .handler(async () => run());
}

/** The last thing of a run, however it ended. */
function writesMetrics() {
  return { after: writeMetrics, onError: writeMetrics };
}

/** One line a run: job, scheduled time, milliseconds, counts, and what broke. */
function logRuns(job: string, countsOf = (response: object): object | undefined => response) {
  const started = new WeakMap<JobRequest, number>();
  const fields = (request: JobRequest) => ({
    job,
    scheduled_at: (request.event as { scheduled_at?: unknown } | null)?.scheduled_at,
    milliseconds: Date.now() - (started.get(request) ?? Date.now()),
  });
  return {
    before: (request: JobRequest) => {
      started.set(request, Date.now());
    },
    after: (request: JobRequest) => {
      logger.info('job', { ...fields(request), ...countsOf(request.response ?? {}) });
    },
    onError: (request: JobRequest) => {
      request.error = tellable(job, request.error);
      const { message, stack = '' } = request.error;
      logger.error('job', { ...fields(request), error_message: message, stack: stack.split('\n') });
    },
  };
}

/** Lambda logs what is thrown, and the database's message may quote a person's data. */
function tellable(job: string, error: Error | null | undefined): Error {
  if (!(error instanceof DatabaseError)) return error ?? new Error(`${job} failed`);
  const { failure, sqlState, constraint } = error;
  const known = [failure, sqlState, constraint].filter(Boolean).join(', ');
  const told = new Error(`${job}: the database did not do it (${known})`);
  told.stack = [`Error: ${told.message}`, ...framesOf(error)].join('\n');
  return told;
}
