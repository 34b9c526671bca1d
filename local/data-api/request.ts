import { validationError } from './errors.ts';
import type { Limits } from './limits.ts';

/** A parameter as the SDK sends it. */
export type ApiParameter = {
  name?: string;
  typeHint?: string;
  value?: Record<string, unknown>;
};

/** The body of any of the five calls. */
export type ApiRequest = {
  resourceArn?: string;
  secretArn?: string;
  database?: string;
  schema?: string;
  sql?: string;
  transactionId?: string;
  parameters?: ApiParameter[];
  parameterSets?: ApiParameter[][];
  includeResultMetadata?: boolean;
  continueAfterTimeout?: boolean;
  formatRecordsAs?: string;
  resultSetOptions?: { decimalReturnType?: string; longReturnType?: string };
};

const shapes = {
  resourceArn: /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[A-Za-z0-9-]+$/,
  secretArn: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+$/,
};

/** The request in a body. Throws the service's ValidationException for what it would refuse. */
export function parseRequest(body: string): ApiRequest {
  let request: ApiRequest;
  try {
    request = JSON.parse(body);
  } catch {
    throw validationError('The request body is not JSON');
  }
  if (typeof request !== 'object' || request === null) {
    throw validationError('The request body is not an object');
  }
  for (const [field, shape] of Object.entries(shapes)) {
    const arn = requireText(request, field as keyof typeof shapes);
    if (!shape.test(arn)) throw validationError(`${field} is not a valid ARN`);
  }
  if (request.schema) throw validationError("The schema parameter isn't supported");
  return request;
}

/** A text field that the call cannot go without. */
export function requireText(request: ApiRequest, field: keyof ApiRequest): string {
  const value = request[field];
  if (typeof value === 'string' && value !== '') return value;
  throw constraint(field, 'Member must not be null');
}

/** The SQL of a call, within the limit of its length. */
export function requireSql(request: ApiRequest, limits: Limits): string {
  const sql = requireText(request, 'sql');
  if (sql.length <= limits.sqlCharacters) return sql;
  throw constraint('sql', `Member must have length less than or equal to ${limits.sqlCharacters}`);
}

function constraint(field: string, rule: string): Error {
  return validationError(
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${rule}`,
  );
}
