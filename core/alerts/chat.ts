import {
  type ExperimentMessage,
  experimentSteps,
  experimentSubject,
  originOf as originOfExperiment,
} from '../experiments/announcement.ts';
import type { DigestMessage } from './digest.ts';
import {
  dayLines,
  digestSubject,
  incidentLines,
  rescueSteps,
  waitingLines,
} from './digest-words.ts';
import { type AlertMessage, factsOf, originOf, stepsOf, subjectOf } from './message.ts';

/**
 * What Amazon Q Developer shows in a chat, version 1.0 of its custom notifications. It drops
 * anything else without a word. Longest: title 250 characters, description 8,000.
 */
export interface ChatNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Notifications of one thread stand together. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/**
 * An alert for a chat. Without bold or links: Slack and Teams write those differently, and what is
 * plain reads the same in both.
 */
export function chatOf(message: AlertMessage, apiUrl?: string): ChatNotification {
  const { id, rule, metric, severity, transition, scheduled_at } = message;
  return notificationOf({
    id,
    title: subjectOf(message),
    description: [...factsOf(message), ...originOf(message)].join('\n'),
    nextSteps: stepsOf(message, apiUrl),
    keywords: [severity, metric, rule],
    threadId: threadOf(message),
    eventType: metric,
    relatedResources: [rule],
    additionalContext: { severity, transition, scheduled_at },
  });
}

/** The digest for a chat: a thread for each day. */
export function chatOfDigest(digest: DigestMessage, apiUrl?: string): ChatNotification {
  const { id, transition, scheduled_at, day } = digest;
  const parts = [dayLines(digest), waitingLines(digest), incidentLines(digest, apiUrl)];
  return notificationOf({
    id,
    title: digestSubject(digest),
    description: parts.map((lines) => lines.join('\n')).join('\n\n'),
    nextSteps: rescueSteps(digest, apiUrl).map(({ what, where }) => `${what}: ${where}`),
    keywords: [transition],
    threadId: `leadpulse-${id}`,
    eventType: transition,
    relatedResources: [],
    additionalContext: { transition, day, scheduled_at },
  });
}

/** What happened to an experiment, for a chat: one thread from its first warning to its end. */
export function chatOfExperiment(message: ExperimentMessage, apiUrl?: string): ChatNotification {
  const { id, transition, experiment, experiment_id, happened, reason, scheduled_at } = message;
  return notificationOf({
    id,
    title: experimentSubject(message),
    description: [reason, originOfExperiment(message)].join('\n'),
    nextSteps: experimentSteps(message, apiUrl),
    keywords: [transition, happened],
    threadId: `leadpulse-experiment-${experiment_id}`,
    eventType: transition,
    relatedResources: [experiment],
    additionalContext: { transition, happened, scheduled_at },
  });
}

type Content = ChatNotification['content'];
type Metadata = ChatNotification['metadata'];

/** The form around it. */
function notificationOf(
  told: { id: string } & Omit<Content, 'textType'> & Omit<Metadata, 'summary'>,
): ChatNotification {
  const { id, title, description, nextSteps, keywords, ...metadata } = told;
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: { textType: 'client-markdown', title, description, nextSteps, keywords },
    metadata: { summary: title, ...metadata },
  };
}

/** One thread from the opening of an incident to its end. */
function threadOf({ incident }: AlertMessage): string {
  return `leadpulse-${incident}`;
}
