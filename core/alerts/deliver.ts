import finishRunSql from '../../sql/alerts/finish-run.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';
import { type Message, publish, type Topic, type TopicName } from './publish.ts';

/** Messages one run publishes at most; what is left waits for the next run. */
export const mostMessages = 200;
/** How many incidents are told of at once: as many connections as SNS is asked over. */
const atOnce = 20;
/**
 * Nothing is begun any more after so long: the lease of 50 seconds holds for the three tries of 7
 * that the last one may take.
 */
const publishMs = 25_000;

/** A row for each message that is a run's to publish; without one where there is none. */
export interface Leased {
  /** Messages that SNS does not have yet, whoever publishes them. */
  readonly unpublished: number;
  readonly message: Message | null;
  /** The topics that have it already. */
  readonly told: TopicName[];
}

type Owed = Leased & { message: Message };

/** What became of a message. */
export interface Delivery {
  readonly id: string;
  readonly topics: TopicName[];
  readonly failures: readonly unknown[];
  readonly published: boolean;
}

/**
 * Of one incident one after the other, so that nobody hears the end before the beginning. A topic
 * that fails holds up no other.
 */
export async function deliverAll(rows: readonly Leased[], topics: Topic[]): Promise<Delivery[]> {
  const begun = Date.now();
  const owed = rows.filter((row): row is Owed => row.message !== null);
  const byIncident = new Map<string, Owed[]>();
  for (const one of owed) {
    const thread = 'incident' in one.message ? one.message.incident : one.message.id;
    byIncident.set(thread, [...(byIncident.get(thread) ?? []), one]);
  }
  const incidents = [...byIncident.values()];
  const deliveries: Delivery[] = [];
  const deliverNext = async (): Promise<void> => {
    for (let messages = incidents.shift(); messages; messages = incidents.shift()) {
      const failing = new Set<TopicName>();
      for (const one of messages) {
        const isLate = Date.now() - begun > publishMs;
        deliveries.push(await deliver(one, isLate ? [] : topics, failing));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, deliverNext));
  return deliveries;
}

/**
 * Marks what went out, and that the run has ended. How many went out; throws where a message could
 * not be published, or where there is no topic for it.
 */
export async function finishRun(given: {
  job: 'check-sla' | 'send-digest' | 'evaluate-experiments';
  scheduledAt: string;
  rows: readonly Leased[];
  deliveries: readonly Delivery[];
  outcome: object;
}): Promise<number> {
  const { job, scheduledAt: scheduled_at, rows, deliveries, outcome } = given;
  const unpublished = rows[0]?.unpublished ?? 0;
  const isNowhere = !settings().ALERT_TOPIC_ARN && unpublished > 0;
  const done = !isNowhere && deliveries.every(({ published }) => published);
  const messages = deliveries.map(({ id, topics, published }) => ({ id, topics, published }));
  await query(finishRunSql, { job, scheduled_at, messages, done, outcome }, 'job');
  if (isNowhere) throw new Error(`ALERT_TOPIC_ARN is not set: ${unpublished} alerts wait for it`);
  const failures = deliveries.flatMap((delivery) => delivery.failures);
  if (!done) throw failures[0] ?? new Error('some alerts wait for the next run');
  return deliveries.filter(({ published }) => published).length;
}

/**
 * Publishes a message where it is not known yet and nothing before it failed: the topics that have
 * it now. What fails is added to `failing`.
 */
async function deliver(
  { message, told }: Owed,
  topics: readonly Topic[],
  failing: Set<TopicName>,
): Promise<Delivery> {
  const owing = topics.filter(({ name }) => !told.includes(name));
  const open = owing.filter(({ name }) => !failing.has(name));
  const { API_URL } = settings();
  const outcomes = await Promise.allSettled(open.map((topic) => publish(topic, message, API_URL)));
  const reached = open.filter((_, place) => outcomes[place]?.status === 'fulfilled');
  for (const topic of open) if (!reached.includes(topic)) failing.add(topic.name);
  return {
    id: message.id,
    topics: reached.map(({ name }) => name),
    failures: outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
    published: topics.length > 0 && reached.length === owing.length,
  };
}
