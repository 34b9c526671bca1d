import { alarmTexts } from '../../core/catalogue/alarm-texts.ts';
import { type AlarmEntry, alarms, type Subject } from '../../core/catalogue/alarms.ts';
import { metrics } from '../../core/catalogue/metrics.ts';

const opening = `# Alarms

Made from the catalogues by \`npm run snapshots\`; a test keeps it current. Each alarm is one of
CloudWatch, under the stack's name and its own: \`leadpulse-prod-queue-age\`. It tells the alert
topic when it goes off, and when it is over; a new one tells it once that it is well. The commands
below take from the shell:

\`\`\`
STACK=leadpulse-prod
FUNCTION=ingest       # the function that the alarm or the step is about
output() { aws cloudformation describe-stacks --stack-name $STACK --output text \\
  --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"; }
\`\`\`

Which ones are on:

\`\`\`
aws cloudwatch describe-alarms --alarm-name-prefix $STACK --state-value ALARM \\
  --query 'MetricAlarms[].AlarmName'
\`\`\`

`;

const closing = `
## Metrics of our own

In CloudWatch under the namespace \`leadpulse\`, with the dimensions \`service\`, the stack, and
\`function\`. A function writes them once an invocation, as a line of its log in the embedded metric
format.

`;

/** docs/alarms.md: every alarm, what it means and what to do, as the catalogue has it. */
export function alarmGuide(): string {
  const kinds = Object.keys(alarmTexts) as AlarmEntry['kind'][];
  const rows = Object.entries(metrics).map(([name, { unit, summary, functions }]) => {
    const by = functions.length > 5 ? 'all' : functions.join(', ');
    return [`\`${name}\``, unit, summary, by];
  });
  const index = kinds.map((kind) => `[${kind}](#${kind})`).join(' · ');
  return [
    opening,
    wrapped(index),
    ...kinds.map(section),
    closing,
    ...[['metric', 'unit', 'what it counts', 'written by'], Array(4).fill('---'), ...rows]
      .map((cells) => `| ${cells.join(' | ')} |\n`)
      .join(''),
  ].join('');
}

function section(kind: AlarmEntry['kind']): string {
  const { meaning, steps } = alarmTexts[kind];
  const ofKind = alarms.filter((alarm) => alarm.kind === kind);
  const numbered = steps.map(([step, command], index) => {
    const shown = command ? `\n\n   \`\`\`\n   ${command}\n   \`\`\`` : '';
    return `${index + 1}. ${step}${shown}\n`;
  });
  const lines = ofKind.map((alarm) => `- \`${alarm.name}\`: ${condition(alarm)}`);
  return `\n\n## ${kind}\n\n${wrapped(meaning)}\n\n${lines.join('\n')}\n\n${numbered.join('\n')}`;
}

const missing = {
  good: 'no data is well',
  bad: 'no data is an alarm',
  'as before': 'no data changes nothing',
};

function condition(alarm: AlarmEntry): string {
  const { watches, above, below, period_minutes, periods, bad_periods } = alarm;
  const limit = above === undefined ? `below ${below}` : `above ${above}`;
  const { namespace, metric, of, statistic } = watches;
  const what = `${statistic.toLowerCase()} of \`${namespace} ${metric}\` of ${nameOf(of)}`;
  const minutes = period_minutes === 1 ? 'a minute' : `${period_minutes} minutes`;
  const how = periods === 1 ? `in ${minutes}` : `in ${bad_periods} of ${periods} times ${minutes}`;
  return `${what} ${limit} ${how}; ${missing[alarm.without_data]}`;
}

function nameOf(subject: Subject): string {
  if (typeof subject === 'string') return subject === 'all' ? 'all functions' : `the ${subject}`;
  return 'queue' in subject ? `the queue ${subject.queue}` : `\`${subject.function}\``;
}

function wrapped(text: string): string {
  return text.replaceAll(/(.{1,100})( |$)/g, '$1\n').trimEnd();
}
