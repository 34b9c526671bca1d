import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Alerts } from './alerts.ts';
import { Dashboard } from './dashboard.ts';
import { Database } from './database.ts';
import { Functions } from './functions.ts';
import { HttpApi } from './http-api.ts';
import { IngestQueue } from './ingest-queue.ts';
import { KeySecret } from './key-secret.ts';
import { Migration } from './migration.ts';
import { Schedules } from './schedules.ts';
import type { Settings } from './settings.ts';
import { SignIn } from './sign-in.ts';
import { watching } from './watching.ts';

/** All of leadpulse in one stack. Without an account or a region: it deploys to where one is. */
export class LeadpulseStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      description: `leadpulse (${settings.stage}): leads in, reports out, alerts`,
      terminationProtection: settings.protectDatabase,
    });
    const database = new Database(this, 'Database', settings);
    const alerts = new Alerts(this, 'Alerts', settings);
    const keySecret = new KeySecret(this, 'KeySecret', settings);
    const signIn = new SignIn(this, 'SignIn', settings);
    const ingestQueue = new IngestQueue(this, 'IngestQueue', settings);
    const functions = new Functions(this, 'Functions', {
      settings,
      database,
      alerts,
      keySecret,
      signIn,
      ingestQueue,
    });
    new Migration(this, 'Migration', {
      settings,
      migrate: functions.named('migrate'),
      after: database,
      before: functions.all({ but: 'migrate' }),
    });
    const api = new HttpApi(this, 'HttpApi', { settings, functions });
    functions.tellApiUrl(api.url);
    const schedules = new Schedules(this, 'Schedules', { settings, functions });
    const things = { api, database, functions, ingestQueue, schedules };
    const watch = watching(this.stackName, things);
    const alarms = new Alarms(this, 'Alarms', { alerts, watch });
    const dashboard = new Dashboard(this, 'Dashboard', { alarms, watch });
    this.#output({
      ApiUrl: api.url,
      KeySecretArn: keySecret.secret.secretArn,
      AlertTopicArn: alerts.topicArn,
      ...(alerts.chatTopicArn && { ChatTopicArn: alerts.chatTopicArn }),
      DatabaseClusterArn: database.clusterArn,
      BiSecretArn: database.biSecretArn,
      IngestQueueUrl: ingestQueue.environment.INGEST_QUEUE_URL ?? '',
      DeadLettersUrl: ingestQueue.environment.INGEST_DLQ_URL ?? '',
      FailuresUrl: functions.failures.queueUrl,
      UndeliveredUrl: schedules.undelivered.queueUrl,
      DashboardUrl: dashboard.url,
      SignInUrl: signIn.signInUrl,
      TokenIssuer: signIn.environment.TOKEN_ISSUER ?? '',
      TokenAudience: signIn.environment.TOKEN_AUDIENCE ?? '',
      UserPoolId: signIn.userPoolId,
    });
  }

  #output(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
