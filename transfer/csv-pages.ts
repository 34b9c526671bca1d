import { type Address, type Answer, ask, type Request, refusalOf } from './api.ts';

/** A page of a CSV file, in order: the header comes with the first one alone. */
export interface CsvPage {
  readonly text: string;
  readonly rows: number;
  /** Whether a report has more rows than it gives in one answer. */
  readonly isTruncated: boolean;
}

/** What to fetch, and who hears of it. */
export interface CsvRequest {
  readonly path: string;
  readonly filters: Readonly<Record<string, string>>;
  /** Rows a page at most; undefined where the answer is no list and has one page. */
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
  readonly onWait: (why: string) => void;
}

/**
 * Everything at an address as CSV, a page in memory at a time. Lists are newest first and go on
 * below the last row seen, so that what arrives meanwhile shifts no page. Throws a sentence.
 */
export async function* csvPages(address: Address, wanted: CsvRequest): AsyncGenerator<CsvPage> {
  const { path, filters, limit, signal, onWait } = wanted;
  let header: string | undefined;
  let cursor: string | null = '';
  do {
    const paging = { ...(limit && { limit: String(limit) }), ...(cursor && { cursor }) };
    const query = new URLSearchParams({ ...filters, format: 'csv', ...paging });
    const first = header === undefined;
    const request: Request = { method: 'GET', path: `${path}?${query}`, signal, onWait, first };
    const { text, headers } = await askForCsv(address, request);
    const body = text.indexOf('\r\n') + 2;
    header ??= text.slice(0, body);
    if (!text.startsWith(header)) {
      throw new Error(`${address.url} changed its columns on the way: export again.`);
    }
    const rows = countRows(text) - 1;
    const isTruncated = headers.get('x-truncated') === 'true';
    yield { text: first ? text : text.slice(body), rows, isTruncated };
    cursor = headers.get('x-next-cursor');
  } while (cursor !== null);
}

async function askForCsv(address: Address, request: Request): Promise<Answer> {
  const answer = await ask(address, request);
  const { detail } = (answer.body ?? {}) as { detail?: unknown };
  // What is wrong with a filter is the caller's own: the server says it best.
  if (answer.status === 400 && typeof detail === 'string') throw new Error(detail);
  if (answer.status !== 200) throw new Error(refusalOf(address, request, answer));
  if (answer.headers.get('content-type')?.startsWith('text/csv')) return answer;
  throw new Error(`${address.url} does not answer as leadpulse does.`);
}

/** Line ends outside quotes: a quote within is doubled, so that every second piece is outside. */
function countRows(text: string): number {
  let rows = 0;
  for (const [place, piece] of text.split('"').entries()) {
    if (place % 2 === 0) rows += piece.split('\r\n').length - 1;
  }
  return rows;
}
