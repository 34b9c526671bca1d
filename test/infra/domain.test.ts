import { beforeAll, describe, expect, test } from 'vitest';
import { referredTo, synthesise } from './template.ts';

const name = {
  domainName: 'leads.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0198c0de-7000',
};

let plain: ReturnType<typeof synthesise>;
let named: ReturnType<typeof synthesise>;
beforeAll(() => {
  plain = synthesise();
  named = synthesise({ ...name, hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
});

describe('a name of one’s own', () => {
  test('is the API’s, by TLS 1.2 and the certificate', () => {
    const { id, Properties: domain } = named.only('AWS::ApiGatewayV2::DomainName');
    expect(domain).toEqual({
      DomainName: name.domainName,
      DomainNameConfigurations: [
        {
          CertificateArn: name.certificateArn,
          EndpointType: 'REGIONAL',
          SecurityPolicy: 'TLS_1_2',
        },
      ],
    });
    const { Properties: mapping } = named.only('AWS::ApiGatewayV2::ApiMapping');
    expect(mapping).toMatchObject({
      DomainName: { Ref: id },
      ApiId: { Ref: named.only('AWS::ApiGatewayV2::Api').id },
      Stage: '$default',
    });
    expect(mapping.ApiMappingKey).toBeUndefined();
  });

  test('is an alias in its zone, and without a zone an output for a CNAME elsewhere', () => {
    const { id } = named.only('AWS::ApiGatewayV2::DomainName');
    expect(named.only('AWS::Route53::RecordSet').Properties).toEqual({
      Name: 'leads.example.com.',
      Type: 'A',
      HostedZoneId: 'Z0123456789ABCDEFGHIJ',
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [id, 'RegionalDomainName'] },
        HostedZoneId: { 'Fn::GetAtt': [id, 'RegionalHostedZoneId'] },
      },
    });
    const elsewhere = synthesise(name);
    expect(elsewhere.ofType('AWS::Route53::RecordSet')).toEqual([]);
    expect(elsewhere.outputs.DomainTarget?.Value).toEqual({
      'Fn::GetAtt': [id, 'RegionalDomainName'],
    });
  });

  test('is what the outputs say, and where people come back to after they have signed in', () => {
    expect(named.outputs.ApiUrl?.Value).toBe('https://leads.example.com/');
    const { CallbackURLs, LogoutURLs } = named.only('AWS::Cognito::UserPoolClient').Properties;
    expect(CallbackURLs).toContain('https://leads.example.com/');
    expect(LogoutURLs).toContain('https://leads.example.com/');
  });

  test('leaves the address that AWS gave at work: forms may have been told of it', () => {
    const { Properties: api } = named.only('AWS::ApiGatewayV2::Api');
    expect(api.DisableExecuteApiEndpoint ?? false).toBe(false);
  });

  test('is an option: without it nothing of it is there', () => {
    const types = new Set(plain.resources.map(({ Type }) => Type));
    const more = named.resources.map(({ Type }) => Type).filter((type) => !types.has(type));
    expect(more.sort()).toEqual([
      'AWS::ApiGatewayV2::ApiMapping',
      'AWS::ApiGatewayV2::DomainName',
      'AWS::Route53::RecordSet',
    ]);
    expect(plain.outputs.DomainTarget).toBeUndefined();
    expect(referredTo(plain.outputs.ApiUrl)).toContain(plain.only('AWS::ApiGatewayV2::Api').id);
  });
});
