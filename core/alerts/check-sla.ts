import checkSlaSql from '../../sql/alerts/check-sla.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { count } from '../metrics.ts';
import { settings } from '../settings.ts';
import { deliverAll, finishRun, type Leased, mostMessages } from './deliver.ts';
import { countSubscribers, type Topic, type TopicName, topicsOf } from './publish.ts';

interface Verdict extends Leased {
  rules: number;
  broken: number;
}

/**
 * Checks every rule as of the scheduled time, takes each incident a step on where there is one, and
 * publishes what is owed: a message is written with its transition, leased, published, marked. Cut
 * off anywhere, the next run publishes it again under the same id, on the topics that are not
 * marked as having it. Throws when a message could not be published. Two Data API calls.
 */
export async function checkSla(scheduledAt: string) {
  const topics = topicsOf(settings());
  const parameters = { scheduled_at: scheduledAt, most: topics.length > 0 ? mostMessages : 0 };
  const rows = await query<Verdict>(checkSlaSql, parameters, 'job');
  const [verdict] = rows;
  if (!verdict) throw new Error('check_sla answered without a verdict');
  const { rules, broken } = verdict;
  const [heard, deliveries] = await Promise.all([whoHears(topics), deliverAll(rows, topics)]);
  if (heard.subscribers) {
    count('AlertSubscribersConfirmed', heard.subscribers.confirmed);
    count('AlertSubscribersPending', heard.subscribers.pending);
  }
  const outcome = { rules, broken, ...heard };
  const published = await finishRun({ job: 'check-sla', scheduledAt, rows, deliveries, outcome });
  return { rules, broken, published };
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
