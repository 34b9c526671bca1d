import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Duty } from '../core/catalogue/functions.ts';
import type { Settings } from './settings.ts';

const databaseName = 'leadpulse';

// Errors and slow statements quote what they were given, which may be a person's: of the levels
// below `log` nothing is written (the functions log each error's SQLSTATE), of parameters nothing.
const parameters = {
  'rds.force_ssl': '1',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_min_duration_statement: '1000',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  // A year's report is estimated above jit_above_cost, and compiling it costs more than it saves.
  jit: '0',
};

/** Aurora PostgreSQL Serverless v2, reached through the Data API alone: no network leads to it. */
export class Database extends Construct {
  readonly clusterArn: string;
  readonly clusterIdentifier: string;
  readonly #cluster: DatabaseCluster;
  readonly #logins: Readonly<Record<'read' | 'write' | 'bi', Secret>>;
  readonly #biSeesPeople: boolean;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.#cluster = this.#createCluster(this.#createNetwork(), settings);
    this.clusterArn = this.#cluster.clusterArn;
    this.clusterIdentifier = this.#cluster.clusterIdentifier;
    this.#logins = {
      read: this.#createLogin('read'),
      write: this.#createLogin('write'),
      bi: this.#createLogin('bi'),
    };
    this.#biSeesPeople = settings.biSeesPeople;
  }

  /** The secret with which BI tools log in. No function may read it but migrate. */
  get biSecretArn(): string {
    return this.#logins.bi.secretArn;
  }

  /** What a function of this duty has to know. */
  environmentOf(duty: Duty): Record<string, string> {
    const { read, write, bi } = this.#logins;
    const owner = this.#cluster.secret?.secretArn ?? '';
    return {
      DATABASE_CLUSTER_ARN: this.clusterArn,
      DATABASE_SECRET_ARN: duty === 'migrate' ? owner : this.#logins[duty].secretArn,
      DATABASE_NAME: databaseName,
      ...(duty === 'migrate' && {
        DATABASE_READ_SECRET_ARN: read.secretArn,
        DATABASE_WRITE_SECRET_ARN: write.secretArn,
        DATABASE_BI_SECRET_ARN: bi.secretArn,
        BI_SEES_PEOPLE: this.#biSeesPeople ? 'yes' : 'no',
      }),
    };
  }

  /** Allows calls of the Data API as the role of this duty; migrate makes the roles. */
  grantAccess(grantee: IGrantable, duty: Duty): void {
    if (duty === 'migrate') {
      this.#cluster.grantDataApiAccess(grantee);
      for (const login of Object.values(this.#logins)) login.grantRead(grantee);
      return;
    }
    this.#logins[duty].grantRead(grantee);
    Grant.addToPrincipal({
      grantee,
      actions: ['rds-data:ExecuteStatement'],
      resourceArns: [this.clusterArn],
    });
  }

  /** The role itself is made by migrate, which learns its password here. */
  #createLogin(duty: 'read' | 'write' | 'bi'): Secret {
    const username = `leadpulse_${duty}`;
    const login = new Secret(this, `${duty}-login`, {
      description: `Logs in to leadpulse's database: ${duty}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludePunctuation: true,
      },
    });
    Validations.of(login).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'A new value holds once migrate has run: it is put there by a person, who runs it.',
    });
    return login;
  }

  /** Two zones, which Aurora asks for: in a stack without an account the first two, unlooked-up. */
  #createNetwork(): Vpc {
    const vpc = new Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Nothing is in the default security group; emptying it takes a Lambda of its own.
      restrictDefaultSecurityGroup: false,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'No route leads in or out, and no security group lets anything in: nothing flows.',
    });
    return vpc;
  }

  #createCluster(vpc: Vpc, settings: Settings): DatabaseCluster {
    // A fixed name has two uses: the log group has its retention before RDS writes to it, and a
    // change that would replace the database by an empty one fails, since the name is taken.
    const clusterIdentifier = Stack.of(this).stackName;
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { protectDatabase } = settings;
    const cluster = new DatabaseCluster(this, 'Cluster', {
      clusterIdentifier,
      engine: DatabaseClusterEngine.auroraPostgres({
        version: AuroraPostgresEngineVersion.VER_18_4,
      }),
      parameters,
      // The version that all tests run on. AWS would move on by itself, and the template not.
      writer: ClusterInstance.serverlessV2('Writer', { autoMinorVersionUpgrade: false }),
      serverlessV2MinCapacity: settings.minCapacity,
      serverlessV2MaxCapacity: settings.maxCapacity,
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      defaultDatabaseName: databaseName,
      enableDataApi: true,
      // RDS keeps the password and rotates it weekly, without a Lambda inside the network.
      manageMasterUserPassword: true,
      iamAuthentication: true,
      storageEncrypted: true,
      cloudwatchLogsExports: ['postgresql'],
      backup: { retention: Duration.days(settings.backupDays) },
      copyTagsToSnapshot: true,
      deletionProtection: protectDatabase,
      removalPolicy: protectDatabase ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    cluster.node.addDependency(log);
    if (!protectDatabase) {
      Validations.of(cluster).acknowledge({
        id: 'AwsSolutions-RDS10',
        reason: 'protectDatabase is off: in this stage the data is worth nothing.',
      });
    }
    return cluster;
  }
}
