import { beforeAll, describe, expect, test } from 'vitest';
import { alarms } from '../../core/catalogue/alarms.ts';
import { functions } from '../../core/catalogue/functions.ts';
import { type MetricEntry, metrics } from '../../core/catalogue/metrics.ts';
import { schedules } from '../../core/catalogue/schedules.ts';
import { referredTo, synthesise } from './template.ts';

interface Widget {
  type: string;
  properties: { title: string; alarms?: string[]; metrics?: unknown[][] };
}

let stack: ReturnType<typeof synthesise>;
let widgets: Widget[];
beforeAll(() => {
  stack = synthesise();
  // What CloudFormation puts in is, of a resource, its id.
  const body = stack.only('AWS::CloudWatch::Dashboard').Properties.DashboardBody;
  const [, parts] = body['Fn::Join'];
  const text = parts.map((part: unknown) =>
    typeof part === 'string' ? part : ([...referredTo(part)][0] ?? 'region'),
  );
  widgets = JSON.parse(text.join('')).widgets;
});

const titled = (title: string) => {
  const found = widgets.find(({ properties }) => properties.title.startsWith(title));
  if (!found) throw new Error(`there is no graph ${title}`);
  return JSON.stringify(found.properties);
};
/** Of one metric the namespace, name and dimensions; formulas and how it is drawn left out. */
const shown = () =>
  widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .map((line) => line.filter((word) => typeof word === 'string'))
    .filter(([namespace]) => namespace);

describe('the dashboard', () => {
  test.each([
    ['Leads and events that came in', ['IngestStored', 'IngestQueued', 'IngestUnavailable']],
    ['Requests, and errors', ['5xx', 'Errors']],
    ['Latency', ['Latency', 'Duration']],
    ['Age of what waits', ['ApproximateAgeOfOldestMessage']],
    ['Messages in queues', ['ApproximateNumberOfMessagesVisible']],
    ['Hours since a job ended well', ['JobRuns', 'EPOCH']],
    ['Refresh of lead_metrics', ['JobMilliseconds', 'refresh-metrics']],
    ['Who gets alerts', ['AlertSubscribersConfirmed', 'AlertSubscribersPending']],
    ['Data API calls', ['DataApiCalls', 'DataApiFailures']],
    ['Database: load', ['ACUUtilization', 'CPUUtilization', 'DatabaseConnections']],
  ])('shows %s', (title, words) => {
    for (const word of words) expect(titled(title)).toContain(word);
  });

  test('shows every metric of our own, of the functions that write it', () => {
    const own = shown().filter(([namespace]) => namespace === 'leadpulse');
    for (const [, metric = '', ...dimensions] of own as string[][]) {
      const entry: MetricEntry | undefined = metrics[metric as keyof typeof metrics];
      const { function: name, service } = Object.fromEntries(pairs(dimensions));
      expect(service).toBe('leadpulse-dev');
      expect(entry?.functions).toContain(name);
    }
    const names = new Set(own.map(([, metric]) => metric));
    const missing = Object.keys(metrics).filter((name) => !names.has(name));
    // Of all functions at once, by a query.
    expect(missing).toEqual(['DataApiFailures']);
  });

  test('shows errors, latency and calls of every function that serves', () => {
    for (const name of Object.keys(functions).filter((name) => name !== 'migrate')) {
      const lambda = stack.lambda(name).id;
      expect(titled('Requests, and errors')).toContain(lambda);
      expect(titled('Latency')).toContain(lambda);
      expect(titled('Data API calls')).toContain(`"${name}"`);
      expect(titled('In the Data API')).toContain(`"${name}"`);
    }
    for (const { function: name } of schedules) {
      expect(titled('Hours since')).toContain(`"${name}"`);
    }
  });

  test('shows which alarms are on, each of them', () => {
    const ids = stack.ofType('AWS::CloudWatch::Alarm').map(({ id }) => id);
    expect(ids).toHaveLength(alarms.length);
    const [status] = widgets.filter(({ type }) => type === 'alarm');
    expect(status?.properties.alarms?.toSorted()).toEqual(ids.toSorted());
  });

  test('is found by an output of the stack', () => {
    const { DashboardName } = stack.only('AWS::CloudWatch::Dashboard').Properties;
    expect(DashboardName).toBe('leadpulse-dev');
    expect(JSON.stringify(stack.outputs.DashboardUrl?.Value)).toContain(
      `.console.aws.amazon.com/cloudwatch/home?region=`,
    );
    expect(JSON.stringify(stack.outputs.DashboardUrl?.Value)).toMatch(/leadpulse-dev"/);
  });
});

const pairs = (words: string[]) =>
  words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : []));
