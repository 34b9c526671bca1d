/** One thing that is wrong with a request. */
export interface Fault {
  /** JSON pointer into the body, or `/query/<name>` or `/path/<name>` for a parameter. */
  readonly pointer: string;
  readonly code: string;
  /** A sentence for a person. */
  readonly detail: string;
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'Service unavailable',
};

/** So many a problem tells: a batch of 1,000 items, all wrong, is then answered within 6 MB. */
export const mostFaults = 10;
const mostCharacters = 500;

/** An answer that is not what was asked for: RFC 9457. Thrown anywhere below the HTTP stack. */
export class Problem extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: { faults?: readonly Fault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(cut(detail), { cause: more.cause });
    this.name = 'Problem';
    this.status = status;
    this.faults = (more.faults ?? []).slice(0, mostFaults).map(bounded);
    this.headers = more.headers ?? {};
  }
}

/** A problem at certain places of the request; its detail is the first one's. */
export function problemAt(status: number, faults: readonly Fault[], cause?: unknown): Problem {
  return new Problem(status, faults[0]?.detail ?? 'The request is wrong.', { faults, cause });
}

/** What is wrong deep inside, or has a long name, is told of what contains it. */
function bounded({ pointer, code, detail }: Fault): Fault {
  const within = pointer.slice(0, pointer.lastIndexOf('/', mostCharacters));
  return { pointer: pointer.length > mostCharacters ? within : pointer, code, detail: cut(detail) };
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters - 1).toWellFormed()}…`;
}

/** A key as JSON pointers write it (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The body of a problem, as api clients see it. */
export function problemBody(problem: Problem, requestId: string) {
  return { ...problemFields(problem), request_id: requestId };
}

/** A problem without its request, as a batch tells it of an item. */
export function problemFields(problem: Problem) {
  return {
    type: 'about:blank',
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    ...(problem.faults.length > 0 && { errors: [...problem.faults] }),
  };
}
