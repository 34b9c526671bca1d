import checkSlaSql from '../../sql/alerts/check-sla.sql' with { type: 'text' };
import finishCheckSql from '../../sql/alerts/finish-check.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { count } from '../metrics.ts';
import { settings } from '../settings.ts';
import type { AlertMessage } from './message.ts';
import { countSubscribers, publishAlert, type Topic, type TopicName, topicsOf } from './publish.ts';

/** Messages one run publishes at most; what is left waits for the next run. */
const most = 200;
/** How many incidents are told of at once: as many connections as SNS is asked over. */
const atOnce = 20;
/**
 * Nothing is begun any more after so long: the lease of 50 seconds holds for the three tries of 7
 * that the last one may take.
 */
const publishMs = 25_000;

/** A row for each message; without one where there is none. */
interface Verdict {
  rules: number;
  broken: number;
  /** Messages that SNS does not have yet, whoever publishes them. */
  unpublished: number;
  message: AlertMessage | null;
  /** The topics that have it already. */
  told: TopicName[];
}

type Owed = Verdict & { message: AlertMessage };

interface Delivery {
  readonly id: string;
  readonly topics: TopicName[];
  readonly failures: readonly unknown[];
  readonly published: boolean;
}

/**
 * Checks every rule as of the scheduled time, takes each incident a step on where there is one, and
 * publishes what is owed: a message is written with its transition, leased, published, marked. Cut
 * off anywhere, the next run publishes it again under the same id, on the topics that are not
 * marked as having it. Throws when a message could not be published. Two Data API calls.
 */
export async function checkSla(scheduledAt: string) {
  const topics = topicsOf(settings());
  const parameters = { scheduled_at: scheduledAt, most: topics.length > 0 ? most : 0 };
  const rows = await query<Verdict>(checkSlaSql, parameters, 'job');
  const [verdict] = rows;
  if (!verdict) throw new Error('check_sla answered without a verdict');
  const { rules, broken, unpublished } = verdict;
  const owed = rows.filter((row): row is Owed => row.message !== null);
  const [heard, deliveries] = await Promise.all([whoHears(topics), deliverAll(owed, topics)]);
  if (heard.subscribers) {
    count('AlertSubscribersConfirmed', heard.subscribers.confirmed);
    count('AlertSubscribersPending', heard.subscribers.pending);
  }
  const failures = deliveries.flatMap((delivery) => delivery.failures);
  const isNowhere = topics.length === 0 && unpublished > 0;
  const isDone = !isNowhere && deliveries.every(({ published }) => published);
  await query(
    finishCheckSql,
    {
      scheduled_at: scheduledAt,
      messages: deliveries.map(({ id, topics, published }) => ({ id, topics, published })),
      done: isDone,
      outcome: { rules, broken, ...heard },
    },
    'job',
  );
  if (isNowhere) throw new Error(`ALERT_TOPIC_ARN is not set: ${unpublished} alerts wait for it`);
  if (!isDone) throw failures[0] ?? new Error('some alerts wait for the next run');
  return { rules, broken, published: deliveries.filter(({ published }) => published).length };
}

/**
 * Of one incident one after the other, so that nobody hears the end before the beginning. A topic
 * that fails holds up no other.
 */
async function deliverAll(owed: readonly Owed[], topics: Topic[]): Promise<Delivery[]> {
  const begun = Date.now();
  const byIncident = new Map<string, Owed[]>();
  for (const one of owed) {
    const { incident } = one.message;
    byIncident.set(incident, [...(byIncident.get(incident) ?? []), one]);
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
  const outcomes = await Promise.allSettled(open.map((topic) => publishAlert(topic, message)));
  const reached = open.filter((_, place) => outcomes[place]?.status === 'fulfilled');
  for (const topic of open) if (!reached.includes(topic)) failing.add(topic.name);
  return {
    id: message.id,
    topics: reached.map(({ name }) => name),
    failures: outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
    published: topics.length > 0 && reached.length === owing.length,
  };
}

/** How many hear each topic. A role that may publish need not be allowed to count: null, then. */
async function whoHears(topics: Topic[]) {
  const hearing = async (wanted: TopicName) => {
    const topic = topics.find(({ name }) => name === wanted);
    return topic ? countSubscribers(topic).catch(() => null) : null;
  };
  const [subscribers, chat_subscribers] = await Promise.all([hearing('alerts'), hearing('chat')]);
  return { subscribers, chat_subscribers };
}
