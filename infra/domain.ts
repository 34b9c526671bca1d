import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  ApiMapping,
  DomainName,
  EndpointType,
  type HttpApi,
  type HttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** What a name of one's own leads to. */
export interface DomainProps {
  readonly settings: Settings & { readonly domainName: string };
  readonly api: HttpApi;
  readonly stage: HttpStage;
}

/**
 * A name of one's own for the API. The address AWS gave it goes on to work: forms and providers may
 * have been told of that one, and a lead that is sent there must not be lost.
 */
export class Domain extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, api, stage }: DomainProps) {
    super(scope, id);
    const { domainName, certificateArn, hostedZoneId } = settings;
    const name = new DomainName(this, 'Name', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn ?? ''),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', { api, stage, domainName: name });
    if (hostedZoneId !== undefined) {
      const { regionalDomainName, regionalHostedZoneId } = name;
      const target = new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId);
      new ARecord(this, 'Record', {
        zone: HostedZone.fromHostedZoneId(this, 'Zone', hostedZoneId),
        // With the dot at its end it is whole: the zone's own name need not be known.
        recordName: `${domainName}.`,
        target: RecordTarget.fromAlias(target),
      });
    }
    // What a CNAME at another provider of names has to point to.
    new CfnOutput(Stack.of(this), 'DomainTarget', { value: name.regionalDomainName });
    this.url = `https://${domainName}/`;
  }
}
