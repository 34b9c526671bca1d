import writeDigestSql from '../../sql/alerts/write-digest.sql' with { type: 'text' };
import { query } from '../database/client.ts';
import { settings } from '../settings.ts';
import { deliverAll, finishRun, type Leased, mostMessages } from './deliver.ts';
import { topicsOf } from './publish.ts';

/**
 * Writes the digest of the day on which a time was scheduled, once, from 07:30 of the workspace's
 * zone on, and publishes it, as the check does alerts. What it cannot publish the next check does.
 * Throws when a message could not be published. Two Data API calls.
 */
export async function sendDigest(scheduledAt: string) {
  const topics = topicsOf(settings());
  const parameters = { scheduled_at: scheduledAt, most: topics.length > 0 ? mostMessages : 0 };
  const rows = await query<Leased & { written: number }>(writeDigestSql, parameters, 'job');
  const written = rows[0]?.written ?? 0;
  const deliveries = await deliverAll(rows, topics);
  const outcome = { written };
  const published = await finishRun({ job: 'send-digest', scheduledAt, rows, deliveries, outcome });
  return { written, published };
}
