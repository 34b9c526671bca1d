import type { DataApi } from '../../local/data-api/server.ts';
import type { Messages } from '../../local/messages.ts';
import { referredTo } from './template.ts';

const place = 'eu-west-1:123456789012';
/** What AWS would say of what the template refers to. */
export const arns = {
  DATABASE_CLUSTER_ARN: `arn:aws:rds:${place}:cluster:leadpulse-dev`,
  DATABASE_SECRET_ARN: `arn:aws:secretsmanager:${place}:secret:rds!cluster-1a2b-AbCdEf`,
  DATABASE_READ_SECRET_ARN: `arn:aws:secretsmanager:${place}:secret:read-AbCdEf`,
  DATABASE_WRITE_SECRET_ARN: `arn:aws:secretsmanager:${place}:secret:write-AbCdEf`,
  DATABASE_BI_SECRET_ARN: `arn:aws:secretsmanager:${place}:secret:bi-AbCdEf`,
  KEY_SECRET_ARN: `arn:aws:secretsmanager:${place}:secret:KeySecret-AbCdEf`,
  TOKEN_ISSUER: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1',
  TOKEN_AUDIENCE: '1example23456789',
};

/** Which role of the database logs in with a secret, by its ARN. */
export const roles: Readonly<Record<string, string>> = {
  [arns.DATABASE_READ_SECRET_ARN]: 'leadpulse_read',
  [arns.DATABASE_WRITE_SECRET_ARN]: 'leadpulse_write',
  [arns.DATABASE_BI_SECRET_ARN]: 'leadpulse_bi',
};

const logIn: Readonly<Record<string, string>> = {
  Databasereadlogin: arns.DATABASE_READ_SECRET_ARN,
  Databasewritelogin: arns.DATABASE_WRITE_SECRET_ARN,
  Databasebilogin: arns.DATABASE_BI_SECRET_ARN,
};

/**
 * The environment of a function: the template's own variables, literal ones as they are, of
 * references what AWS would say; and where the services of this machine are.
 */
export function surroundingsOf(
  variables: Readonly<Record<string, unknown>>,
  on: { databaseUrl: string; dataApi: DataApi; secrets: { url: string }; messages: Messages },
): Record<string, string> {
  const { databaseUrl, dataApi, secrets, messages } = on;
  const references: Record<string, string> = {
    ...arns,
    ALERT_TOPIC_ARN: messages.topicArn,
    INGEST_QUEUE_URL: messages.ingestUrl,
    INGEST_DLQ_URL: messages.deadLettersUrl,
  };
  const given = Object.entries(variables).map(([variable, value]) => {
    if (typeof value === 'string') return [variable, value];
    const [id = ''] = referredTo(value);
    return [variable, logIn[id.slice(0, -8)] ?? references[variable]];
  });
  return {
    ...Object.fromEntries(given),
    DATABASE_NAME: new URL(databaseUrl).pathname.slice(1),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_SNS: messages.url,
    AWS_ENDPOINT_URL_SQS: messages.url,
  };
}
