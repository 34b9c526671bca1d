import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AlarmText, alarmTexts } from '../../core/catalogue/alarm-texts.ts';
import { type AlarmEntry, alarms } from '../../core/catalogue/alarms.ts';
import { type FunctionName, functions } from '../../core/catalogue/functions.ts';
import { type MetricEntry, metricNamespace, metrics } from '../../core/catalogue/metrics.ts';
import { schedules } from '../../core/catalogue/schedules.ts';
import { referredTo, synthesise } from './template.ts';

let stack: ReturnType<typeof synthesise>;
beforeAll(() => {
  stack = synthesise({ stage: 'prod' });
});

const named = (name: string) => alarms.find((alarm) => alarm.name === name);
const deployed = (name: string) =>
  stack
    .ofType('AWS::CloudWatch::Alarm')
    .find(({ Properties: p }) => p.AlarmName === `leadpulse-prod-${name}`)?.Properties;

describe('the template has the alarms of the catalogue, and no other', () => {
  test('by their names', () => {
    const names = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties: p }) => p.AlarmName);
    const listed = alarms.map(({ name }) => `leadpulse-prod-${name}`);
    expect(names.sort()).toEqual(listed.sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  test.each(alarms.map((alarm) => [alarm.name, alarm] as const))(
    '%s, as it says',
    (name, alarm) => {
      const { above, below, watches } = alarm;
      const p = deployed(name);
      expect(p).toMatchObject({
        Threshold: above ?? below,
        ComparisonOperator: above === undefined ? 'LessThanThreshold' : 'GreaterThanThreshold',
        EvaluationPeriods: alarm.periods,
        DatapointsToAlarm: alarm.bad_periods,
        TreatMissingData: { good: 'notBreaching', bad: 'breaching', 'as before': 'ignore' }[
          alarm.without_data
        ],
      });
      const period = alarm.period_minutes * 60;
      if (watches.of === 'all') {
        const from = 'SCHEMA("leadpulse", "service", "function")';
        const where = `"service" = 'leadpulse-prod'`;
        const Expression = `SELECT SUM(${watches.metric}) FROM ${from} WHERE ${where}`;
        expect(p.Metrics).toMatchObject([{ Expression, Period: period }]);
        return;
      }
      const { namespace, metric, statistic } = watches;
      expect(p).toMatchObject({ Namespace: namespace, MetricName: metric, Statistic: statistic });
      expect(p.Period).toBe(period);
      expect(dimensionsOf(p)).toEqual(expectedDimensions(alarm));
    },
  );

  test.each(alarms.map(({ name }) => name))('%s tells the alert topic, and of its end', (name) => {
    const topic = { Ref: stack.only('AWS::SNS::Topic').id };
    expect(deployed(name)).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    expect(deployed(name).ActionsEnabled ?? true).toBe(true);
  });

  test('and CloudWatch may publish to it', () => {
    expect(JSON.stringify(stack.only('AWS::SNS::TopicPolicy').Properties)).toContain(
      '"Service":"cloudwatch.amazonaws.com"',
    );
  });
});

/** Values that refer to a resource are its id. */
function dimensionsOf(p: { Dimensions: { Name: string; Value: unknown }[] }) {
  const idOf = (value: unknown) => (typeof value === 'string' ? value : [...referredTo(value)][0]);
  return Object.fromEntries(p.Dimensions.map(({ Name, Value }) => [Name, idOf(Value)]));
}

function expectedDimensions({ watches: { of, namespace } }: AlarmEntry) {
  if (of === 'api') return { ApiId: stack.only('AWS::ApiGatewayV2::Api').id };
  if (of === 'database') return { DBClusterIdentifier: stack.only('AWS::RDS::DBCluster').id };
  if (typeof of === 'string') throw new Error(`what is ${of}?`);
  if ('queue' in of) {
    const name = {
      ingest: 'IngestQueue',
      'dead-letters': 'IngestQueueDeadLetters',
      failures: 'FunctionsFailures',
      undelivered: 'SchedulesUndelivered',
    }[of.queue];
    return { QueueName: stack.named('AWS::SQS::Queue', name).id };
  }
  if (namespace === metricNamespace) return { service: 'leadpulse-prod', function: of.function };
  const isOf = (name: string) => name === `leadpulse-prod-${of.function}`;
  const lambdas = stack.ofType('AWS::Lambda::Function');
  return { FunctionName: lambdas.find(({ Properties: p }) => isOf(p.FunctionName ?? ''))?.id };
}

describe('everything has its alarm', () => {
  test('each function: that it fails, that it is held up, that it comes near its timeout', () => {
    const watched = alarms
      .filter(({ watches }) => watches.namespace === 'AWS/Lambda')
      .map(({ watches: { of, metric } }) => `${(of as { function: string }).function} ${metric}`);
    const served = Object.keys(functions).filter((name) => name !== 'migrate');
    const all = served.flatMap((name) =>
      ['Errors', 'Throttles', 'Duration'].map((metric) => `${name} ${metric}`),
    );
    expect(watched.sort()).toEqual(all.sort());
    for (const name of served as FunctionName[]) {
      const milliseconds = functions[name].timeout_seconds * 1000;
      expect(named(`duration-${name}`)?.above).toBeLessThan(milliseconds);
      expect(named(`duration-${name}`)?.above).toBeGreaterThan(milliseconds / 2);
    }
  });

  test('each job a heartbeat: no run is an alarm, and so is no data', () => {
    const hours = {
      'check-sla': 2,
      'refresh-metrics': 26,
      'apply-retention': 26,
      'evaluate-experiments': 26,
      'send-digest': 11,
    };
    const scheduled = new Set(schedules.map((schedule) => schedule.function));
    expect(Object.keys(hours)).toEqual([...scheduled]);
    for (const name of scheduled) {
      const heartbeat = named(`heartbeat-${name}`);
      expect(heartbeat).toMatchObject({ below: 1, without_data: 'bad', period_minutes: 60 });
      expect(heartbeat?.periods).toBe(hours[name]);
      // All of them: a job that ran once in between is well.
      expect(heartbeat?.bad_periods).toBe(heartbeat?.periods);
      expect(heartbeat?.watches.of).toEqual({ function: name });
    }
  });

  test('each queue: its depth above 0, or of what is worked on its age above 10 minutes', () => {
    const watched = alarms.flatMap(({ name, above, watches }) =>
      watches.namespace === 'AWS/SQS'
        ? [[dimensionsOf(deployed(name)).QueueName, watches.metric, above]]
        : [],
    );
    const { id: ingest } = stack.named('AWS::SQS::Queue', 'IngestQueue');
    const expected = stack
      .ofType('AWS::SQS::Queue')
      .map(({ id }) =>
        id === ingest
          ? [id, 'ApproximateAgeOfOldestMessage', 600]
          : [id, 'ApproximateNumberOfMessagesVisible', 0],
      );
    expect(watched.sort()).toEqual(expected.sort());
  });

  test.each(['api-5xx', 'authorizer-errors', 'no-subscribers', 'database-capacity'])('%s', (name) =>
    expect(named(name)).toBeDefined(),
  );

  test('and of our own metrics those are watched that the function writes', () => {
    const own = alarms.filter(({ watches }) => watches.namespace === metricNamespace);
    expect(own.length).toBeGreaterThan(5);
    for (const { name, watches } of own) {
      const entry: MetricEntry | undefined = metrics[watches.metric as keyof typeof metrics];
      expect(entry, name).toBeDefined();
      if (watches.of === 'all') continue;
      expect(entry?.functions).toContain((watches.of as { function: string }).function);
    }
  });

  test('within what CloudWatch takes: a week, a day where periods are below an hour', () => {
    for (const { name, period_minutes, periods } of alarms) {
      const most = period_minutes < 60 ? 24 * 60 : 7 * 24 * 60;
      expect(period_minutes * periods, name).toBeLessThanOrEqual(most);
      expect(deployed(name).AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });
});

describe('what to do', () => {
  const commands = Object.values<AlarmText>(alarmTexts)
    .flatMap(({ steps }) => steps.map(([, command]) => command ?? ''))
    .filter(Boolean);
  const all = (pattern: RegExp) =>
    commands.flatMap((command) => [...command.matchAll(pattern)].map(([, found = '']) => found));

  test('is in docs/alarms.md for every alarm, and every kind is one of an alarm', () => {
    const guide = readFileSync('docs/alarms.md', 'utf8');
    for (const { name, kind } of alarms) {
      expect(guide).toContain(`\n- \`${name}\``);
      expect(guide).toContain(`\n## ${kind}\n`);
      expect(deployed(name).AlarmDescription).toContain(`docs/alarms.md#${kind}`);
    }
    const kinds = new Set(alarms.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(Object.keys(alarmTexts).sort());
    for (const { steps } of Object.values(alarmTexts)) {
      expect(steps.length).toBeGreaterThan(2);
      expect(steps.some(([, command]) => command)).toBe(true);
    }
  });

  test('names outputs, logs and scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const outputs = all(/output (\w+)/g);
    expect(outputs.length).toBeGreaterThan(8);
    expect(outputs.filter((name) => !(name in stack.outputs))).toEqual([]);
    expect(all(/npm run ([\w:]+)/g).filter((name) => !(name in scripts))).toEqual([]);
    const groups = stack.ofType('AWS::Logs::LogGroup').map(({ Properties: p }) => p.LogGroupName);
    const logs = all(/logs tail (\S+)/g).map((name) =>
      name.replace('$STACK', 'leadpulse-prod').replace('$FUNCTION', 'ingest'),
    );
    expect(logs.length).toBeGreaterThan(8);
    expect(logs.filter((name) => !groups.includes(name))).toEqual([]);
  });
});
