import { beforeAll, describe, expect, test } from 'vitest';
import { type Resource, synthesise } from './template.ts';

let dev: ReturnType<typeof synthesise>;
let prod: ReturnType<typeof synthesise>;
beforeAll(() => {
  dev = synthesise();
  prod = synthesise({ stage: 'prod' });
});

describe('dev and prod', () => {
  test('have the same resources', () => {
    expect(namesOf(dev.resources)).toEqual(namesOf(prod.resources));
  });

  test('differ in what the stages are for, and in nothing else', () => {
    const inProd = new Map(prod.resources.map((resource) => [nameOf(resource), resource]));
    const differences = dev.resources.flatMap((ours) => {
      const theirs = inProd.get(nameOf(ours));
      return pathsThatDiffer(plain(ours), plain(theirs)).map(
        ({ path, dev: before, prod: after }) =>
          `${ours.Type.replace('AWS::', '')} ${path}: ${before} → ${after}`,
      );
    });
    expect([...new Set(differences)].sort()).toEqual([
      'Cognito::UserPool DeletionPolicy: "Delete" → "Retain"',
      'Cognito::UserPool Properties.DeletionProtection: "INACTIVE" → "ACTIVE"',
      'Cognito::UserPool UpdateReplacePolicy: "Delete" → "Retain"',
      'Logs::LogGroup Properties.RetentionInDays: 7 → 90',
      'RDS::DBCluster DeletionPolicy: "Delete" → "Snapshot"',
      'RDS::DBCluster Properties.BackupRetentionPeriod: 1 → 14',
      'RDS::DBCluster Properties.DeletionProtection: false → true',
      'RDS::DBCluster Properties.ServerlessV2ScalingConfiguration.MinCapacity: 0 → 0.5',
      'RDS::DBCluster UpdateReplacePolicy: "Delete" → "Snapshot"',
      'SQS::Queue DeletionPolicy: "Delete" → "Retain"',
      'SQS::Queue UpdateReplacePolicy: "Delete" → "Retain"',
      'SecretsManager::Secret DeletionPolicy: "Delete" → "Retain"',
      'SecretsManager::Secret UpdateReplacePolicy: "Delete" → "Retain"',
    ]);
  });

  test('prod keeps what cannot be had again: accounts, queued leads, the keys’ secret', () => {
    const kept = prod.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept.map(nameOf).sort()).toEqual([
      'AWS::Cognito::UserPool SignInPeople',
      'AWS::SQS::Queue IngestQueue',
      'AWS::SQS::Queue IngestQueueDeadLetters',
      'AWS::SecretsManager::Secret KeySecret',
    ]);
    expect(prod.stack.terminationProtection).toBe(true);
    expect(dev.stack.terminationProtection).toBe(false);
  });
});

// In another stage the same thing has another hash in its logical id, and the stage's name.
const unhashed = (text: string) =>
  text
    .replace(/(?<=[A-Za-z])([0-9A-F]{8})+([0-9a-f]{32})?/g, '')
    .replace(/leadpulse-?(dev|prod)/g, '')
    .replace(/\((dev|prod)\)/g, '');

const nameOf = ({ Type, id }: Resource) => `${Type} ${unhashed(id)}`;

const namesOf = (resources: Resource[]) => resources.map(nameOf).sort();

/** What the same thing is told in both stages; its code is compared in bundles.test.ts. */
function plain(resource: Resource | undefined): unknown {
  const { Code, ...Properties } = resource?.Properties ?? {};
  return JSON.parse(unhashed(JSON.stringify({ ...resource, id: '', Metadata: {}, Properties })));
}

function pathsThatDiffer(
  dev: unknown,
  prod: unknown,
  path: string[] = [],
): { path: string; dev: string; prod: string }[] {
  if (isObject(dev) && isObject(prod)) {
    const keys = new Set([...Object.keys(dev), ...Object.keys(prod)]);
    return [...keys].flatMap((key) => pathsThatDiffer(dev[key], prod[key], [...path, key]));
  }
  const [before, after] = [JSON.stringify(dev), JSON.stringify(prod)];
  return before === after ? [] : [{ path: path.join('.'), dev: before, prod: after }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
