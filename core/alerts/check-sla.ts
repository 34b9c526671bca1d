import checkSlaSql from '../../sql/alerts/check-sla.sql' with { type: 'text' };
import finishCheckSql from '../../sql/alerts/finish-check.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { count } from '../metrics.ts';
import { settings } from '../settings.ts';
import type { AlertMessage } from './message.ts';
import { countSubscribers, publishAlert, type Topic, type TopicName, topicsOf } from './publish.ts';

/** Messages one run publishes at most; what is left waits for the next run. */
const most = 20;

interface Verdict {
  rules: number;
  broken: number;
  /** Messages that SNS does not have yet, whoever publishes them. */
  unpublished: number;
  messages: AlertMessage[];
  /** By a message's id the topics that have it already. */
  told: Record<string, TopicName[]>;
}

/**
 * Checks every rule as of the scheduled time and publishes what is owed: a message is written with
 * its verdict, leased, published, marked. Cut off anywhere, the next run publishes it again under
 * the same id, on the topics that are not marked as having it. Throws when a message could not be
 * published. Two Data API calls.
 */
export async function checkSla(scheduledAt: string) {
  const topics = topicsOf(settings());
  const parameters = { scheduled_at: scheduledAt, most: topics.length > 0 ? most : 0 };
  const [verdict] = await query<Verdict>(checkSlaSql, parameters, 'job');
  if (!verdict) throw new Error('check_sla answered without a verdict');
  const { rules, broken, unpublished, messages, told } = verdict;
  const [heard, ...deliveries] = await Promise.all([
    whoHears(topics),
    ...messages.map((message) => deliver(message, topics, told[message.id] ?? [])),
  ]);
  if (heard.subscribers) {
    count('AlertSubscribersConfirmed', heard.subscribers.confirmed);
    count('AlertSubscribersPending', heard.subscribers.pending);
  }
  const failures = deliveries.flatMap((delivery) => delivery.failures);
  const isNowhere = topics.length === 0 && unpublished > 0;
  await query(
    finishCheckSql,
    {
      scheduled_at: scheduledAt,
      messages: deliveries.map(({ id, topics, failures }) => ({
        id,
        topics,
        published: failures.length === 0,
      })),
      done: failures.length === 0 && !isNowhere,
      outcome: { rules, broken, ...heard },
    },
    'job',
  );
  if (isNowhere) throw new Error(`ALERT_TOPIC_ARN is not set: ${unpublished} alerts wait for it`);
  if (failures.length > 0) throw failures[0];
  return { rules, broken, published: messages.length };
}

/** Publishes a message where it is not known yet: the topics that have it now. */
async function deliver(message: AlertMessage, topics: Topic[], told: TopicName[]) {
  const untold = topics.filter(({ name }) => !told.includes(name));
  const outcomes = await Promise.allSettled(untold.map((topic) => publishAlert(topic, message)));
  return {
    id: message.id,
    topics: untold
      .filter((_, place) => outcomes[place]?.status === 'fulfilled')
      .map(({ name }) => name),
    failures: outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
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
