import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Messages } from '../../../local/messages.ts';
import { startTestMachine } from '../../setup/machine.ts';

/** How a lead of a scene came in and went on, in hours before the scene's now. */
export interface SceneLead {
  hoursAgo: number;
  /** How long after it came in it was recorded: imports come days later. */
  recordedAfterHours?: number;
  /** Events: type and hours after the lead came in. */
  events?: readonly (readonly [type: string, afterHours: number])[];
  source?: string;
  agentId?: string;
  /** By when it has to be answered. */
  dueAfterHours?: number;
  isTest?: boolean;
  /** Of the scene's oldest lead. */
  isDuplicate?: boolean;
}

/** A machine, a fixed now long past, and leads told relative to it. */
export async function startScene(environment: Record<string, string> = {}) {
  const api = await startTestMachine(environment);
  const now = '2026-03-10T12:00:00Z';
  return {
    ...api,
    now,
    /** A moment so many hours after now, in the scheduler's form. */
    hoursLater: (hours: number) =>
      `${new Date(Date.parse(now) + hours * 3_600_000).toISOString().slice(0, 19)}Z`,
    async leads(...leads: SceneLead[]) {
      for (const lead of leads) await storeLead(api, now, lead);
    },
    /** Adds a rule and leaves the others out of it; its id. */
    async onlyRule(rule: object): Promise<string> {
      await api.sql(`update alert_rules set active = false`);
      const { status, body, text } = await api.post('/v1/alert-rules', rule);
      if (status !== 201) throw new Error(text);
      return body.id;
    },
    /** What is there of incidents, oldest first. */
    incidents: async () => (await api.get('/v1/incidents')).body.items.reverse(),
    /** What the subscribed queue has received since the last look, in order. */
    async received() {
      const all = [];
      for (;;) {
        const some = await api.machine.messages.receive();
        if (some.length === 0) return all;
        all.push(...some);
      }
    },
    /** Deletes the topic; gives back what makes it again, under the same ARN, with its queue. */
    withoutTopic: () => withoutTopic(api.machine.messages),
    async clear() {
      await api.sql(
        `truncate leads, lead_events, alert_messages, job_runs, incidents, idempotency_keys
         cascade`,
      );
      await api.sql(
        `delete from alert_rules where name not in ('average-response', 'oldest-waiting')`,
      );
      await api.sql('update alert_rules set active = true');
    },
  };
}

/** A scene's machine. */
export type Scene = Awaited<ReturnType<typeof startScene>>;

async function storeLead(
  api: { sql: (text: string, values: unknown[]) => Promise<unknown[]> },
  now: string,
  lead: SceneLead,
): Promise<void> {
  const { hoursAgo, recordedAfterHours = 0, events = [], source = 'zillow' } = lead;
  const { agentId = null, dueAfterHours = null, isTest = false, isDuplicate = false } = lead;
  await api.sql(
    `with lead as (
       insert into leads (
         source, is_test, sla_due_at, duplicate_of, created_at, recorded_at
       )
       select $7, $4, came + $9::float8 * interval '1 hour',
         case when $6 then (select id from leads order by created_at limit 1) end,
         came, came + $3 * interval '1 hour'
       from (select $1::timestamptz - $2 * interval '1 hour' as came) as t
       returning id, created_at
     )
     insert into lead_events (
       lead_id, event_type, event_source, agent_id, created_at, recorded_at
     )
     select l.id, e ->> 0, 'agent', case e ->> 0 when 'assigned' then $8::uuid end, at, at
     from lead l
     cross join jsonb_array_elements($5::jsonb) as e
     cross join lateral (select l.created_at + (e ->> 1)::float8 * interval '1 hour') as t (at)`,
    [
      now,
      hoursAgo,
      recordedAfterHours,
      isTest,
      JSON.stringify(agentId === null ? events : [['assigned', 0], ...events]),
      isDuplicate,
      source,
      agentId,
      dueAfterHours,
    ],
  );
}

/** Deletes the topic; gives back what makes it again, under the same ARN, with its queue. */
export async function withoutTopic({ url, topicArn, queueUrl, sqs }: Messages) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sns = new SNSClient({ endpoint: url, region: 'us-east-1', credentials });
  await sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  return async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
    );
    await sns.send(new CreateTopicCommand({ Name: topicArn.split(':').at(-1) }));
    const subscription = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn };
    await sns.send(new SubscribeCommand(subscription));
    sns.destroy();
  };
}
