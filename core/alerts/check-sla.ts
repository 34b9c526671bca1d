import checkSlaSql from '../../sql/alerts/check-sla.sql' with { type: 'text' };
import finishCheckSql from '../../sql/alerts/finish-check.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';
import type { AlertMessage } from './message.ts';
import { countSubscribers, publishAlert } from './publish.ts';

/** Messages one run publishes at most; what is left waits for the next run. */
const most = 20;

interface Verdict {
  rules: number;
  broken: number;
  /** Messages that SNS does not have yet, whoever publishes them. */
  unpublished: number;
  messages: AlertMessage[];
}

/**
 * Checks every rule as of the scheduled time and publishes what is owed: a message is written with
 * its verdict, leased, published, marked. Cut off anywhere, the next run publishes it again under
 * the same id. Throws when a message could not be published. Two Data API calls.
 */
export async function checkSla(scheduledAt: string) {
  const { ALERT_TOPIC_ARN } = settings();
  const parameters = { scheduled_at: scheduledAt, most: ALERT_TOPIC_ARN ? most : 0 };
  const [verdict] = await query<Verdict>(checkSlaSql, parameters, 'job');
  if (!verdict) throw new Error('check_sla answered without a verdict');
  const { rules, broken, unpublished, messages } = verdict;
  const [subscribers, ...deliveries] = await Promise.allSettled([
    ALERT_TOPIC_ARN ? countSubscribers(ALERT_TOPIC_ARN) : null,
    ...messages.map((message) => publishAlert(ALERT_TOPIC_ARN ?? '', message)),
  ]);
  const failures = deliveries.filter((delivery) => delivery.status === 'rejected');
  const isNowhere = !ALERT_TOPIC_ARN && unpublished > 0;
  // A role that may publish need not be allowed to count: unknown, then.
  const heard = subscribers.status === 'fulfilled' ? subscribers.value : null;
  await query(
    finishCheckSql,
    {
      scheduled_at: scheduledAt,
      messages: messages.map(({ id }, index) => ({
        id,
        published: deliveries[index]?.status === 'fulfilled',
      })),
      done: failures.length === 0 && !isNowhere,
      outcome: { rules, broken, subscribers: heard },
    },
    'job',
  );
  if (isNowhere) throw new Error(`ALERT_TOPIC_ARN is not set: ${unpublished} alerts wait for it`);
  if (failures[0]) throw failures[0].reason;
  return { rules, broken, published: messages.length };
}
