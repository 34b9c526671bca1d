import { DataApiError } from './errors.ts';

/**
 * What can go wrong with a call.
 * - `resuming`, `throttling`, `unavailable`, `internal`, `secret`: refused, and nothing has run.
 * - `reset`: the connection is dropped before anything has run.
 * - `cut`: the connection is dropped once the call is done: what ran stays.
 * - `slow`: held, then run, even where the client has left meanwhile.
 */
export const dataApiFaults = [
  'resuming',
  'throttling',
  'unavailable',
  'internal',
  'secret',
  'reset',
  'cut',
  'slow',
] as const;

/** The name of a fault. */
export type DataApiFault = (typeof dataApiFaults)[number];

const refusals: Partial<Record<DataApiFault, readonly [string, string, number]>> = {
  resuming: [
    'DatabaseResumingException',
    'The Aurora DB instance is resuming after being auto-paused. Please wait and try again.',
    400,
  ],
  throttling: ['ThrottlingException', 'Rate exceeded', 400],
  unavailable: ['ServiceUnavailableError', 'The service is unavailable', 503],
  internal: ['InternalServerErrorException', 'An internal error occurred', 500],
  secret: [
    'InvalidSecretException',
    "The Secrets Manager secret used with the request isn't valid.",
    400,
  ],
};

/** Throws what the service would answer in place of a result. */
export function refuseFor(fault: DataApiFault | undefined): void {
  const refusal = fault && refusals[fault];
  if (refusal) throw new DataApiError(...refusal);
}
