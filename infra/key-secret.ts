import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The secret that signs API keys, as `{"current": "…"}`; rotated, with a `previous` one beside. */
export class KeySecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { protectDatabase }: Settings) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Signs the API keys of leadpulse',
      // Made once. A change of these lines makes a new secret, and every key in use invalid.
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'current',
        passwordLength: 64,
        excludePunctuation: true,
      },
      // With a database that is restored the keys that were given out are needed again.
      removalPolicy: protectDatabase ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotating it ends every API key in the end, so a person does it, when key holders can.',
    });
  }
}
