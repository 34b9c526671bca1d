/** What AWS documents: request 4 MiB, SQL 65,536 characters, 1 MiB and 64 KB back, 45 s, 3 min. */
export const serviceLimits = {
  requestBytes: 4 * 1024 * 1024,
  sqlCharacters: 65_536,
  responseBytes: 1024 * 1024,
  rowBytes: 64 * 1024,
  callTimeoutMs: 45_000,
  transactionIdleMs: 180_000,
};

/** The limits of an endpoint; tests shorten them. */
export type Limits = typeof serviceLimits;
