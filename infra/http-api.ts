import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../core/catalogue/functions.ts';
import { isOpen, type Route, routes } from '../core/catalogue/routes.ts';
import { Domain } from './domain.ts';
import type { Functions } from './functions.ts';
import type { Settings } from './settings.ts';

// No address, query or path: of what a request says of people, nothing is logged.
const loggedFields = {
  time: '$context.requestTime',
  request_id: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  function_milliseconds: '$context.integrationLatency',
  function_status: '$context.integrationStatus',
  key_id: '$context.authorizer.key_id',
  error: '$context.error.responseType',
  bytes: '$context.responseLength',
};

/** The HTTP API: the catalogue's routes, each with the authorizer unless it is public. */
export class HttpApi extends Construct {
  readonly url: string;
  readonly apiId: string;
  readonly #api: Api;
  readonly #functions: Functions;
  readonly #integrations = new Map<FunctionName, HttpLambdaIntegration>();

  constructor(scope: Construct, id: string, props: { settings: Settings; functions: Functions }) {
    super(scope, id);
    this.#functions = props.functions;
    const apiName = Stack.of(this).stackName;
    this.#api = new Api(this, 'Api', { apiName, createDefaultStage: false });
    this.apiId = this.#api.apiId;
    const authorizer = this.#createAuthorizer();
    for (const route of routes) {
      const key = HttpRouteKey.with(route.path, HttpMethod[route.method]);
      if (!isOpen(route)) this.#addRoute(key, route.function, authorizer);
      else this.#addPublicRoute(key, route.function, reasonOf(route));
    }
    this.#addPublicRoute(HttpRouteKey.DEFAULT, 'site', 'Public. It tells what has no route so.');
    this.url = this.#urlOf(this.#createStage(props.settings), props.settings);
  }

  #urlOf(stage: HttpStage, settings: Settings): string {
    const { domainName } = settings;
    if (domainName === undefined) return stage.url;
    const named = { ...settings, domainName };
    return new Domain(this, 'Domain', { settings: named, api: this.#api, stage }).url;
  }

  /**
   * Cached per header and route: by the header alone one route's yes would open all others. For a
   * minute, which comes on top of the authorizer's own: docs/access.md tells the sum.
   */
  #createAuthorizer(): HttpLambdaAuthorizer {
    return new HttpLambdaAuthorizer('Authorizer', this.#functions.named('authorize'), {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization', '$context.routeKey'],
      resultsCacheTtl: Duration.seconds(60),
    });
  }

  #addPublicRoute(key: HttpRouteKey, name: FunctionName, reason: string): void {
    Validations.of(this.#addRoute(key, name)).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason,
    });
  }

  #addRoute(routeKey: HttpRouteKey, name: FunctionName, authorizer?: HttpLambdaAuthorizer) {
    const integration =
      this.#integrations.get(name) ?? new HttpLambdaIntegration(name, this.#functions.named(name));
    this.#integrations.set(name, integration);
    return new HttpRoute(this.#api, routeKey.key, {
      httpApi: this.#api,
      routeKey,
      integration,
      authorizer,
    });
  }

  #createStage({ logDays, requestRate, requestBurst }: Settings): HttpStage {
    const log = new LogGroup(this, 'AccessLog', {
      // Under this prefix AWS keeps its permission to write in one place, not in one per log group.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}-api`,
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      autoDeploy: true,
      throttle: { rateLimit: requestRate, burstLimit: requestBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(loggedFields)),
      },
    });
  }
}

function reasonOf({ access, summary }: Route): string {
  if (access === 'public') return `Public. The catalogue says so: ${summary}`;
  return 'An authorizer sees no body: the function checks the key, the secret or the signature.';
}
