import type { RawRequest } from '../setup/raw-request.ts';

const id = '00000000-0000-4000-8000-000000000000';
const get = (path: string): RawRequest => ({ method: 'GET', path });

/** Paths where nothing is, and none of them a question to the database. */
export const unknownPaths: readonly RawRequest[] = [
  ...['/v1', '/v1/', '/v1/leads/', '/v1//leads', '//v1/leads', '/v1/leads//events', '/V1/leads'],
  ...['/v1/./leads', '/v1/reports/../leads', '/v1/%2e%2e/leads', '/v1/leads;a=1'],
  ...['/v1/leads/%', '/v1/leads/%ZZ', '/v1/leads/%00', '/v1/leads/%C0%AF', '/v1/leads/%ED%A0%80'],
  ...[`/v1/leads/${id}%00`, `/v1/leads/%20${id}`, `/v1/leads/${id}%2Fevents`, '/v1/leads/{id}'],
  ...[`/v1/leads/{${id}}`, `/v1/leads/urn:uuid:${id}`, `/v1/leads/${id.replaceAll('-', '')}`],
  ...['/v1/leads/__proto__', '/v1/agents/constructor', '/v1/reports/__proto__', '/v1/reports/%00'],
  ...['/v1/reports/constructor', '/v1/reports/toString', '/v1/reports/%F0%9F%98%80', '/*', '/%'],
  ...[`/v1/leads/${'a'.repeat(8_000)}`, `/${'a/'.repeat(4_000)}`, '/v1/openapi.json/..', '/.env'],
].map(get);

/** Queries that no list and no report takes. */
export const badQueries: readonly RawRequest[] = [
  ...['limit=1&limit=2', 'limit=1&%6Cimit=1', 'limit=', 'limit=0', 'limit=-1', 'limit=1e1'],
  ...['limit=1.0', 'limit=%D9%A1', 'limit=1%20', 'limit=+1', 'limit=1;q=2', 'limit[]=1', 'Limit=1'],
  ...['__proto__=1', '__proto__[limit]=1', 'constructor=1', 'toString=1', 'a%00=1', '=1', 'q=%00'],
  ...['source=a%00b', 'q=a%00&q=b', 'agent_id=1', 'agent_id=', 'waiting=TRUE', 'waiting=1'],
  ...['cursor=', 'cursor=%00', 'cursor=%FF', 'cursor=AAAA', `cursor=${'A'.repeat(4_000)}`],
  ...['format=xml', 'format=csv&format=csv', `${'a'.repeat(4_000)}=1`, `q=${'a'.repeat(4_000)}`],
  ...[`${'a=1&'.repeat(2_000)}`, 'from=275760-01-01', 'to=%2B275760-01-01'],
].map((query) => get(`/v1/leads?${query}`));

/** Queries that are odd and right. */
export const oddQueries: readonly RawRequest[] = [
  ...[
    '',
    '&',
    '&&',
    'limit=%31',
    'q=%',
    'q=%ZZ',
    'q=%FF',
    'q=%ED%A0%80',
    'q=+',
    'q=%2500',
    'q=%27',
  ],
  ...[
    'q=%25%5F%5C',
    'q=a=b',
    'q=?',
    'source=%E2%80%8B',
    'source=',
    'q=%F0%9F%98%80',
    'utm_campaign=',
  ],
].map((query) => get(`/v1/leads?${query}`));
