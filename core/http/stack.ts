import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { FunctionName } from '../catalogue/functions.ts';
import { DatabaseError } from '../database/errors.ts';
import { framesOf, logger } from '../log.ts';
import { writeMetrics } from '../metrics.ts';
import { databaseProblem } from './database-problems.ts';
import type { Answer, Endpoint, EndpointsOf } from './endpoint.ts';
import { countIntake } from './intake.ts';
import { Problem, problemBody } from './problem.ts';
import { type HttpEvent, readRequest } from './request.ts';
import { auditOf } from './subjects.ts';

type HttpRequest = middy.Request<HttpEvent, APIGatewayProxyStructuredResultV2, Error>;

/**
 * The Lambda handler of a function's routes: the one stack every HTTP function has. What comes for
 * no route of its own goes to `otherwise`, with the path it came for.
 */
export function httpHandler<F extends FunctionName>(
  endpoints: EndpointsOf<F>,
  otherwise: (rawPath: string) => never = nothingHere,
) {
  const byRoute = endpoints as Readonly<Record<string, Endpoint>>;
  const answers = new WeakMap<HttpEvent, Answer>();
  const handler = middy<HttpEvent, APIGatewayProxyStructuredResultV2>()
    .use(writeCounts(byRoute, answers))
    .use(logRequests(answers))
    .use(answerProblems())
    .handler(async (event) => {
      const endpoint = byRoute[event.routeKey];
      if (!endpoint) return otherwise(event.rawPath);
      const answer = await endpoint.run(readRequest(event, endpoint));
      answers.set(event, answer);
      return toResult(answer);
    });
  // The API description is made from what the handlers really have.
  return Object.assign(handler, { endpoints: byRoute });
}

function nothingHere(): never {
  throw new Problem(404, 'There is nothing at this address.');
}

function toResult({ status, headers, body }: Answer): APIGatewayProxyStructuredResultV2 {
  if (typeof body === 'string') return { statusCode: status, headers: { ...headers }, body };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** The last thing of a request, however it ended: one line of metrics. */
function writeCounts(
  byRoute: Readonly<Record<string, Endpoint>>,
  answers: WeakMap<HttpEvent, Answer>,
) {
  const write = ({ event, response }: HttpRequest) => {
    const status = Number(response?.statusCode ?? 500);
    countIntake(byRoute[event.routeKey], event, { status, body: answers.get(event)?.body });
    return writeMetrics();
  };
  return { after: write, onError: write };
}

/** A 4xx says what is wrong and where; a 5xx gives nothing away but the request's id. */
function answerProblems() {
  return {
    onError: (request: HttpRequest) => {
      const problem = problemOf(request.error);
      request.response = {
        statusCode: problem.status,
        headers: { 'content-type': 'application/problem+json', ...problem.headers },
        body: JSON.stringify(problemBody(problem, request.event.requestContext.requestId)),
      };
    },
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseError) return databaseProblem(error);
  return new Problem(500, 'Something went wrong on our side.', { cause: error });
}

/**
 * One line a request: who asked for whose data, by ids, route, status, milliseconds, and for a 5xx
 * what broke. Never a body.
 */
function logRequests(answers: WeakMap<HttpEvent, Answer>) {
  const log = (request: HttpRequest) => {
    const { event, response, error } = request;
    const status = Number(response?.statusCode ?? 500);
    const fields = {
      route: event.routeKey,
      status,
      request_id: event.requestContext.requestId,
      milliseconds: Date.now() - event.requestContext.timeEpoch,
      ...auditOf(event, answers.get(event)),
      ...(error instanceof DatabaseError && {
        failure: error.failure,
        sqlstate: error.sqlState,
        constraint: error.constraint,
      }),
    };
    if (status < 500) return logger.info('request', fields);
    logger.error('request', {
      ...fields,
      error_name: error?.name,
      stack: framesOf(error).slice(0, 8),
    });
  };
  return { after: log, onError: log };
}
