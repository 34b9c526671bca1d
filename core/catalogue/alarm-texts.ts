/** What an alarm means, and what to do: steps, each with the command that does it. */
export interface AlarmText {
  readonly meaning: string;
  readonly steps: readonly (readonly [step: string, command?: string])[];
}

const slowStatements = [
  'See which statements take more than a second.',
  'aws logs tail /aws/rds/cluster/$STACK/postgresql --since 1h --filter-pattern duration',
] as const;
const errorsOf = (name: string) =>
  `aws logs tail /aws/lambda/$STACK-${name} --since 1h --filter-pattern '{ $.level = "ERROR" }'`;
const databaseState =
  'aws rds describe-db-clusters --db-cluster-identifier $STACK ' +
  "--query 'DBClusters[0].[Status,ServerlessV2ScalingConfiguration]'";
const before = [
  'If it began with a deployment, deploy the version before (VERSION is its commit or tag).',
  'git checkout VERSION && npm ci && npm run deploy -- -c stage=prod',
] as const;
const runNow = [
  'When the cause is mended, do it now, with the time it is for.',
  'aws lambda invoke --function-name $STACK-$FUNCTION --cli-read-timeout 900 ' +
    '--cli-binary-format raw-in-base64-out ' +
    `--payload '{"scheduled_at": "2026-11-22T04:15:00Z"}' /dev/stdout`,
] as const;
const lookInto = (output: string) =>
  `aws sqs receive-message --queue-url "$(output ${output})" --max-number-of-messages 10 ` +
  '--message-attribute-names All --visibility-timeout 0';
const empty = (output: string) =>
  [
    'Once the cause is mended and the runs are made up for, empty the queue: the alarm ends.',
    `aws sqs purge-queue --queue-url "$(output ${output})"`,
  ] as const;

/** By the kind of alarm. */
export const alarmTexts = {
  unavailable: {
    meaning:
      'Leads or events were sent, and neither the database nor the queue took them: the sender ' +
      'got a 5xx and has to send them again. FUNCTION is the last word of the alarm’s name.',
    steps: [
      ['See what broke, and where.', errorsOf('$FUNCTION')],
      ['See whether the database is there: `available` is what it should be.', databaseState],
      [
        'See whether the queue answers.',
        'aws sqs get-queue-attributes --queue-url "$(output IngestQueueUrl)" --attribute-names All',
      ],
      before,
      ['Ask who sends to send again what was not answered: nothing comes twice.'],
    ],
  },
  'api-5xx': {
    meaning:
      'Requests are answered with a 5xx. With minCapacity 0 the first after a rest are, while ' +
      'the database wakes.',
    steps: [
      [
        'See which routes, since when, and whether a function was asked (function_status).',
        'aws logs tail /aws/vendedlogs/$STACK-api --since 1h ' +
          `--filter-pattern '{ $.status = "5*" }'`,
      ],
      ['See what broke in that function.', errorsOf('$FUNCTION')],
      ['See whether the database is there.', databaseState],
      before,
    ],
  },
  'authorizer-errors': {
    meaning:
      'Nobody could say who is calling, and requests were answered with 500: the key secret or ' +
      'the issuer of tokens is out of reach, or it does not know yet which agent a person is.',
    steps: [
      [
        'See what broke; what Lambda itself says stands between.',
        'aws logs tail /aws/lambda/$STACK-authorize --since 1h',
      ],
      [
        'See whether the key secret is there and is JSON with `current`.',
        'aws secretsmanager describe-secret --secret-id "$(output KeySecretArn)"',
      ],
      [
        'See whether the issuer answers with its keys.',
        'curl -fsS "$(output TokenIssuer)/.well-known/jwks.json"',
      ],
      before,
    ],
  },
  errors: {
    meaning:
      'A function threw, was cut off at its timeout, or had no memory left. A scheduled run is ' +
      'tried twice more, what is queued comes again, a request got a 500.',
    steps: [
      [
        'See what Lambda and the function say of it (FUNCTION is what follows `errors-`).',
        'aws logs tail /aws/lambda/$STACK-$FUNCTION --since 1h',
      ],
      ['See whether the database is there.', databaseState],
      before,
      ['Of a scheduled run that failed three times the alarm `failures` tells: go on there.'],
    ],
  },
  throttles: {
    meaning:
      'Lambda did not run a function, since as many run as the account may run at once. Requests ' +
      'got a 5xx; what is scheduled or queued is tried again.',
    steps: [
      [
        'See how many may run at once.',
        'aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions',
      ],
      ['See on the dashboard which function runs so often, or so long.', 'output DashboardUrl'],
      [
        'Ask for more (1,000 is usual; a new account may have 10).',
        'aws service-quotas request-service-quota-increase --service-code lambda ' +
          '--quota-code L-B99A9384 --desired-value 1000',
      ],
    ],
  },
  duration: {
    meaning:
      'A function took more than 80 % of the time it has: soon it will be cut off. Most often ' +
      'the database is slow, or there is more to do than there was.',
    steps: [
      ['See whether the database is at its limit: ACU, CPU, calls.', 'output DashboardUrl'],
      slowStatements,
      ['If it is at its limit, give it more.', 'npm run deploy -- -c stage=prod -c maxCapacity=8'],
      ['If a job outgrows its time, raise `timeout_seconds` in `core/catalogue/functions.ts`.'],
    ],
  },
  heartbeat: {
    meaning:
      'A scheduled job has not ended well for longer than it may: an hourly one for 2 hours, a ' +
      'daily one for 26, the digest’s for 11. Without `check-sla` no alert goes out. In a new ' +
      'stack these alarms are there from the start and end with the first run.',
    steps: [
      [
        'See whether the schedule is on (FUNCTION is what follows `heartbeat-`).',
        'aws scheduler get-schedule --group-name $STACK --name $FUNCTION ' +
          "--query '[State,ScheduleExpression,ScheduleExpressionTimezone]'",
      ],
      ['See what its runs said.', 'aws logs tail /aws/lambda/$STACK-$FUNCTION --since 1d'],
      ['See whether the database is there.', databaseState],
      runNow,
    ],
  },
  'dead-letters': {
    meaning:
      'Leads or events that were acknowledged can never be stored as they are. They are kept for ' +
      'two weeks, with the reason, and wait for a person.',
    steps: [
      [
        'See how many, and why.',
        'npm run redrive -- --dry-run --queue "$(output IngestQueueUrl)" ' +
          '--dead-letters "$(output DeadLettersUrl)"',
      ],
      ['Mend what the reason names: a constraint or a code, explained in docs/ingest.md.'],
      [
        'Put them back, to be stored.',
        'npm run redrive -- --queue "$(output IngestQueueUrl)" ' +
          '--dead-letters "$(output DeadLettersUrl)"',
      ],
    ],
  },
  failures: {
    meaning:
      'A scheduled run failed three times and was given up. Its time and error are kept two weeks.',
    steps: [
      ['See which run: `requestPayload` has its time.', lookInto('FailuresUrl')],
      ['See what broke.', errorsOf('$FUNCTION')],
      runNow,
      empty('FailuresUrl'),
    ],
  },
  undelivered: {
    meaning:
      'The Scheduler could not hand a run over to its function for an hour: a permission or the ' +
      'function is missing, or Lambda was away.',
    steps: [
      ['See which run, and the error in its attributes.', lookInto('UndeliveredUrl')],
      [
        'See whether the function is there.',
        "aws lambda get-function --function-name $STACK-$FUNCTION --query 'Configuration.State'",
      ],
      ['Deploy again: it puts permissions back.', 'npm run deploy -- -c stage=prod'],
      runNow,
      empty('UndeliveredUrl'),
    ],
  },
  'queue-age': {
    meaning:
      'What came in waits for the database since more than ten minutes. Nothing is lost: it is ' +
      'kept for 14 days. Reports do not have it yet.',
    steps: [
      ['See whether the database is there.', databaseState],
      ['See whether the queue’s function works, and what it says.', errorsOf('store-queued')],
      [
        'See whether it is still handed messages: `Enabled` is what it should be.',
        'aws lambda list-event-source-mappings --function-name $STACK-store-queued ' +
          "--query 'EventSourceMappings[].State'",
      ],
      ['If an outage of AWS lasts, wait: once it is over the queue empties itself.'],
    ],
  },
  'no-subscribers': {
    meaning:
      'Nobody has confirmed to get alerts, as of the last hourly check: nobody hears of them, ' +
      'nor of this alarm. The dashboard shows it, and `GET /v1/health` says `degraded`.',
    steps: [
      [
        'See who was asked: `PendingConfirmation` is who has not clicked yet.',
        'aws sns list-subscriptions-by-topic --topic-arn "$(output AlertTopicArn)"',
      ],
      ['Let them confirm by the link in the e-mail from AWS: it holds for three days.'],
      [
        'Ask them again, or others.',
        'aws sns subscribe --topic-arn "$(output AlertTopicArn)" --protocol email ' +
          '--notification-endpoint you@example.com',
      ],
      ['For good, name them in `alertEmails` in cdk.json and deploy.'],
    ],
  },
  'database-capacity': {
    meaning:
      'For a quarter of an hour the database has used more than 90 % of what it may have. It ' +
      'cannot grow any further, and everything gets slower.',
    steps: [
      ['See since when, and what came in.', 'output DashboardUrl'],
      slowStatements,
      [
        'Let it grow: an ACU has 2 GiB, and is paid for while it is used.',
        'npm run deploy -- -c stage=prod -c maxCapacity=8',
      ],
      ['Once it is enough, write it into cdk.json.'],
    ],
  },
  'data-api-failures': {
    meaning:
      'Calls of the database get no answer, or are refused for a reason of ours: a permission, a ' +
      'secret, SQL. Leads and events go to the queue meanwhile; reports answer 503.',
    steps: [
      ['See which functions, and since when.', 'output DashboardUrl'],
      ['See the failure and the SQLSTATE in the log of one.', errorsOf('$FUNCTION')],
      ['See whether the database is there.', databaseState],
      [
        'See whether AWS or a maintenance did something to it.',
        'aws rds describe-events --source-type db-cluster --source-identifier $STACK --duration 90',
      ],
      before,
    ],
  },
} as const satisfies Record<string, AlarmText>;
