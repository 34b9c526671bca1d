import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmTexts } from '../core/catalogue/alarm-texts.ts';
import { type AlarmEntry, alarms } from '../core/catalogue/alarms.ts';
import type { Alerts } from './alerts.ts';
import type { Watch } from './watching.ts';

const withoutData = {
  good: TreatMissingData.NOT_BREACHING,
  bad: TreatMissingData.BREACHING,
  'as before': TreatMissingData.IGNORE,
};

/** The alarms of the catalogue. Each tells the people of the alert topic, and when it is over. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: { alerts: Alerts; watch: Watch }) {
    super(scope, id);
    this.all = alarms.map((entry) => this.#create(entry, props.watch));
    for (const alarm of this.all) props.alerts.tellOf(alarm);
  }

  #create(entry: AlarmEntry, watch: Watch): Alarm {
    const { name, kind, watches, above, below, period_minutes, periods, bad_periods } = entry;
    const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
    return new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${alarmTexts[kind].meaning} What to do: docs/alarms.md#${kind}`,
      metric: watch(watches, Duration.minutes(period_minutes)),
      threshold: above ?? below ?? 0,
      comparisonOperator: above === undefined ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: bad_periods,
      treatMissingData: withoutData[entry.without_data],
    });
  }
}
