import { digestText } from '../core/alerts/digest-words.ts';
import { alertMetrics } from '../core/alerts/metrics.ts';
import type { Message } from '../core/alerts/publish.ts';
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
  if (message.transition === 'digest') {
    const lines = digestText(message, process.env.API_URL)
      .trimEnd()
      .replaceAll(/\n(?=.)/g, '\n        ');
    return `\nDIGEST  ${lines}\n`;
  }
  return `
ALERT  ${subject}
       ${alertMetrics[message.metric].leads(message)}
       ${message.id}
`;
}
