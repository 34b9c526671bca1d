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

/** Of one incident one after the other, so that nobody hears the end before the beginning. */
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
      let isHeld = false;
      for (const one of messages) {
        const isLate = Date.now() - begun > publishMs;
        const delivery: Delivery = isHeld || isLate ? unsent(one) : await deliver(one, topics);
        isHeld = !delivery.published;
        deliveries.push(delivery);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, deliverNext));
  return deliveries;
}

const unsent = ({ message }: Owed): Delivery => ({
  id: message.id,
  topics: [],
  failures: [],
  published: false,
});

/** Publishes a message where it is not known yet: the topics that have it now. */
async function deliver({ message, told }: Owed, topics: Topic[]): Promise<Delivery> {
  const untold = topics.filter(({ name }) => !told.includes(name));
  const outcomes = await Promise.allSettled(untold.map((topic) => publishAlert(topic, message)));
  const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  return {
    id: message.id,
    topics: untold
      .filter((_, place) => outcomes[place]?.status === 'fulfilled')
      .map(({ name }) => name),
    failures,
    published: failures.length === 0,
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
