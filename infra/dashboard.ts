import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Subject, scheduledFunctions, type Watched } from '../core/catalogue/alarms.ts';
import { type FunctionName, functions } from '../core/catalogue/functions.ts';
import { type MetricName, metricNamespace } from '../core/catalogue/metrics.ts';
import type { Alarms } from './alarms.ts';
import type { Watch } from './watching.ts';

const names = (Object.keys(functions) as FunctionName[]).filter((name) => name !== 'migrate');
const intake: FunctionName[] = ['ingest', 'hooks'];
const period = Duration.minutes(5);

type Statistic = Watched['statistic'];

/** One page on how it goes: what comes in, what fails, what is slow, who waits for what. */
export class Dashboard extends Construct {
  readonly url: string;
  readonly #watch: Watch;

  constructor(scope: Construct, id: string, props: { alarms: Alarms; watch: Watch }) {
    super(scope, id);
    this.#watch = props.watch;
    const dashboardName = Stack.of(this).stackName;
    const alarms = [...props.alarms.all];
    new CloudWatchDashboard(this, 'Page', {
      dashboardName,
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
        this.#requests(),
        this.#queues(),
        this.#jobs(),
        this.#database(),
      ],
    });
    const console = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home`;
    this.url = `${console}?region=${Aws.REGION}#dashboards/dashboard/${dashboardName}`;
  }

  #requests(): IWidget[] {
    const api = (metric: string, label: string, statistic: Statistic = 'Sum') =>
      this.#metric({ namespace: 'AWS/ApiGateway', metric, of: 'api', statistic }, label);
    return [
      graph('Leads and events that came in', [
        ...this.#eachOf(intake, 'IngestStored', 'stored'),
        ...this.#eachOf(intake, 'IngestQueued', 'queued'),
        ...this.#eachOf(intake, 'IngestRefused', 'refused'),
        ...this.#eachOf(intake, 'IngestUnavailable', 'not taken'),
      ]),
      graph('Requests, and errors', [
        api('Count', 'requests'),
        api('4xx', '4xx'),
        api('5xx', '5xx'),
        ...names.map((name) => this.#lambda(name, 'Errors', 'Sum')),
      ]),
      graph('Latency, ms', [
        api('Latency', 'of a request, on average', 'Average'),
        api('Latency', 'of a request, at most', 'Maximum'),
        ...names.map((name) => this.#lambda(name, 'Duration', 'Average')),
      ]),
    ];
  }

  #queues(): IWidget[] {
    const depth = (queue: Extract<Subject, { queue: string }>['queue']) => {
      const metric = 'ApproximateNumberOfMessagesVisible';
      const of = { queue };
      return this.#metric({ namespace: 'AWS/SQS', metric, of, statistic: 'Maximum' }, queue);
    };
    const metric = 'ApproximateAgeOfOldestMessage';
    const of = { queue: 'ingest' } as const;
    const store: FunctionName[] = ['store-queued'];
    return [
      graph('Age of what waits, seconds', [
        this.#metric({ namespace: 'AWS/SQS', metric, of, statistic: 'Maximum' }, 'oldest message'),
      ]),
      graph('Age of what came again, ms', [
        ...this.#eachOf(store, 'QueueWaitingMilliseconds', 'oldest', 'Maximum'),
      ]),
      graph('Messages in queues', [
        ...(['ingest', 'dead-letters', 'failures', 'undelivered'] as const).map(depth),
      ]),
      graph('Of the queue', [
        ...this.#eachOf(store, 'QueueStored', 'stored'),
        ...this.#eachOf(store, 'QueueAgain', 'again'),
        ...this.#eachOf(store, 'QueuePutAside', 'put aside'),
        ...this.#eachOf(store, 'QueueDropped', 'dropped'),
      ]),
    ];
  }

  #jobs(): IWidget[] {
    const check: FunctionName[] = ['check-sla'];
    const refresh: FunctionName[] = ['refresh-metrics'];
    return [
      graph(
        'Hours since a job ended well',
        scheduledFunctions.map((name, n) => this.#age(name, n)),
      ),
      graph('Refresh of lead_metrics, ms', [...this.#eachOf(refresh, 'JobMilliseconds', 'took')]),
      graph('Who gets alerts', [
        ...this.#eachOf(check, 'AlertSubscribersConfirmed', 'confirmed', 'Maximum'),
        ...this.#eachOf(check, 'AlertSubscribersPending', 'pending', 'Maximum'),
      ]),
    ];
  }

  #database(): IWidget[] {
    const rds = (metric: string, label: string, statistic: Statistic) =>
      this.#metric({ namespace: 'AWS/RDS', metric, of: 'database', statistic }, label);
    return [
      graph('Data API calls', [
        ...this.#eachOf(names, 'DataApiCalls', ''),
        this.#metric(own('DataApiFailures', 'all'), 'failed'),
      ]),
      graph('In the Data API, ms', [...this.#eachOf(names, 'DataApiMilliseconds', '', 'Average')]),
      graph(
        'Database: load',
        [
          rds('ACUUtilization', '% of its capacity', 'Average'),
          rds('CPUUtilization', '% of its processors', 'Average'),
        ],
        [
          rds('ServerlessDatabaseCapacity', 'ACU', 'Average'),
          rds('DatabaseConnections', 'connections', 'Maximum'),
        ],
      ),
    ];
  }

  /**
   * Hours since the last run that ended well. A run gives a point of its period's moment, which is
   * carried on to the next one: nothing is shown before the first.
   */
  #age(name: FunctionName, n: number): IMetric {
    const runs = this.#watch(own('JobRuns', { function: name }), period);
    const id = `runs${n}`;
    return new MathExpression({
      expression: `(EPOCH(${id}) - FILL(${id} * 0 + EPOCH(${id}), REPEAT)) / 3600`,
      usingMetrics: { [id]: runs },
      label: name,
      period,
    });
  }

  #lambda(name: FunctionName, metric: string, statistic: Statistic): IMetric {
    const watched = { namespace: 'AWS/Lambda', metric, of: { function: name }, statistic };
    return this.#metric(watched, name);
  }

  #eachOf(by: readonly FunctionName[], metric: MetricName, what: string, statistic?: Statistic) {
    return by.map((name) => {
      const label = by.length > 1 ? `${name} ${what}`.trim() : what;
      return this.#metric(own(metric, { function: name }, statistic), label);
    });
  }

  #metric(watched: Watched, label: string): IMetric {
    return this.#watch(watched, period, label);
  }
}

function own(metric: MetricName, of: Subject, statistic: Statistic = 'Sum'): Watched {
  return { namespace: metricNamespace, metric, of, statistic };
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 8, height: 6 });
}
