import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { roleNames, roles } from '../core/catalogue/roles.ts';
import type { Settings } from './settings.ts';

/** Where people sign in: Cognito, a group for each role. Accounts are made by an admin alone. */
export class SignIn extends Construct {
  /** What a function has to know of it. */
  readonly environment: Record<string, string>;
  /** For `aws cognito-idp admin-create-user` and the like. */
  readonly userPoolId: string;
  /** The page with the form. */
  readonly signInUrl: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const pool = this.#createPool(settings);
    for (const [precedence, groupName] of roleNames.entries()) {
      new CfnUserPoolGroup(this, groupName, {
        userPoolId: pool.userPoolId,
        groupName,
        description: roles[groupName].summary,
        precedence,
      });
    }
    const client = this.#createClient(pool, settings);
    // One name for all of AWS's customers in a region: with the account it is ours.
    const domainPrefix = `${Stack.of(this).stackName}-${Aws.ACCOUNT_ID}`;
    const domain = pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    this.userPoolId = pool.userPoolId;
    this.signInUrl = domain.baseUrl();
    this.environment = {
      TOKEN_ISSUER: pool.userPoolProviderUrl,
      TOKEN_AUDIENCE: client.userPoolClientId,
    };
  }

  #createPool({ protectDatabase }: Settings): UserPool {
    const pool = new UserPool(this, 'People', {
      userPoolName: Stack.of(this).stackName,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // By an app: codes by SMS can be redirected, and cost.
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: protectDatabase,
      removalPolicy: protectDatabase ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason: 'The Plus plan is paid by the person; a second factor is asked of everybody.',
    });
    return pool;
  }

  /** A page's: it can keep no secret, and proves by PKCE that it asked. */
  #createClient(pool: UserPool, { pageUrls }: Settings): UserPoolClient {
    return pool.addClient('Page', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [...pageUrls],
        logoutUrls: [...pageUrls],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // Who is removed comes in until the token ends.
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(12),
    });
  }
}
