import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { v7 } from 'uuid';
import writeItem from '../sql/batches/write-item.sql' with { type: 'text' };

/** The lead that the load posts, and what of it the product would have computed. */
export const postedLead = { source: 'zillow', first_name: 'Ada', phone: '+1 415 555 0132' };
const prepared = { index: 0, event_source: 'automation', phone_normalised: '+14155550132' };

let client: RDSDataClient | undefined;

/** `POST /v1/leads` without the product: the same statement through the same SDK, and its row. */
export async function bareIngest(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  client ??= new RDSDataClient({});
  const item = { ...JSON.parse(event.body ?? ''), ...prepared, id: v7() };
  const { records } = await client.send(
    new ExecuteStatementCommand({
      resourceArn: process.env.DATABASE_CLUSTER_ARN,
      secretArn: process.env.DATABASE_SECRET_ARN,
      database: process.env.DATABASE_NAME,
      sql: writeItem,
      parameters: [
        { name: 'kind', value: { stringValue: 'leads' } },
        { name: 'item', value: { stringValue: JSON.stringify(item) } },
        { name: 'now', value: { stringValue: new Date().toISOString() } },
      ],
      includeResultMetadata: true,
    }),
  );
  const headers = { 'content-type': 'application/json' };
  return { statusCode: 201, headers, body: records?.[0]?.[4]?.stringValue };
}
