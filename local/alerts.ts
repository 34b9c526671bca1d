import { digestText } from '../core/alerts/digest-words.ts';
import { alertMetrics } from '../core/alerts/metrics.ts';
import type { Message } from '../core/alerts/publish.ts';
import { experimentText } from '../core/experiments/announcement.ts';
import type { Messages, ReceivedAlert } from './messages.ts';

/** Takes alerts from their queue as they arrive and tells each in a few lines. */
export function watchAlerts(messages: Messages, log: (line: string) => void) {
  const stopping = new AbortController();
  const watch = async () => {
    while (!stopping.signal.aborted) {
      const arrived = await messages.receive<Message>({ waitSeconds: 20, signal: stopping.signal });
      for (const alert of arrived) log(told(alert));
    }
  };
  const watching = watch().catch((error: Error) => {
    if (!stopping.signal.aborted) log(`Alerts are not shown any more: ${error.message}`);
  });
  return {
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

function told({ subject, message }: ReceivedAlert<Message>): string {
  const { API_URL } = process.env;
  if (message.transition === 'digest') return paragraph('DIGEST', digestText(message, API_URL));
  if (message.transition === 'experiment') {
    return paragraph('EXPERIMENT', experimentText(message, API_URL));
  }
  return `
ALERT  ${subject}
       ${alertMetrics[message.metric].leads(message)}
       ${message.id}
`;
}

/** A text under its kind, as far to the right. */
function paragraph(kind: string, text: string): string {
  const indent = `\n${' '.repeat(kind.length + 2)}`;
  return `\n${kind}  ${text.trimEnd().replaceAll(/\n(?=.)/g, indent)}\n`;
}
