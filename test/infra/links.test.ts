import { expect, test } from 'vitest';
import { synthesise } from './template.ts';

const apiUrlOf = (stack: ReturnType<typeof synthesise>, name: 'check-sla' | 'send-digest') =>
  stack.lambda(name).Properties.Environment.Variables.API_URL;

test('links in messages begin with the address that AWS gave the API, or with its own name', () => {
  const stack = synthesise();
  const { id } = stack.only('AWS::ApiGatewayV2::Api');
  for (const name of ['check-sla', 'send-digest'] as const) {
    // A stage or a route would lead back to the functions, and CloudFormation refuses a circle.
    expect(JSON.stringify(apiUrlOf(stack, name)).match(/"Ref":"[^"]+"/g)).toEqual([
      `"Ref":"${id}"`,
      '"Ref":"AWS::Region"',
      '"Ref":"AWS::URLSuffix"',
    ]);
    expect(JSON.stringify(apiUrlOf(stack, name))).toContain('"https://"');
  }
  expect(stack.lambda('site').Properties.Environment.Variables).not.toHaveProperty('API_URL');
  const named = synthesise({
    domainName: 'leads.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0198c0de-7000',
  });
  expect(apiUrlOf(named, 'send-digest')).toBe('https://leads.example.com/');
});
