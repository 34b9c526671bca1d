import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../infra/create-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test looks into templates of every form
type Json = any;

/** A resource of a template. */
export interface Resource {
  id: string;
  Type: string;
  Properties: Json;
  DependsOn?: string[];
  DeletionPolicy?: string;
}

/** What is deployed with these settings; without its bundles, which take seconds. */
export function synthesise(context: Record<string, unknown> = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'leadpulse-infra-'));
  try {
    const app = createApp({ outdir, context: { 'aws:cdk:bundling-stacks': [], ...context } });
    const assembly = app.synth();
    const [stack] = assembly.stacks;
    return {
      app,
      stack: { terminationProtection: stack?.terminationProtection },
      ...readTemplate(stack?.template),
      /** The roles of GitHub's workflows, where there are any. */
      roles: assembly.nestedAssemblies
        .flatMap(({ nestedAssembly }) => nestedAssembly.stacks)
        .map(({ template }) => readTemplate(template))[0],
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A template's resources, ready to be asked. */
export function readTemplate(template: Json) {
  const resources = Object.entries(template.Resources).map(
    ([id, resource]) => ({ id, Properties: {}, ...(resource as object) }) as Resource,
  );
  return {
    resources,
    outputs: template.Outputs as Record<string, { Value: Json }>,
    ofType: (type: string) => resources.filter((resource) => resource.Type === type),
    /** The one of its type. */
    only(type: string): Resource {
      const [found, ...more] = resources.filter((resource) => resource.Type === type);
      if (!found || more.length > 0) throw new Error(`there is not one ${type}`);
      return found;
    },
    /** One by its type and its constructs' names. */
    named(type: string, name: string): Resource {
      const found = resources.find(
        (r) => r.Type === type && /^(.*)[0-9A-F]{8}$/.exec(r.id)?.[1] === name,
      );
      if (!found) throw new Error(`there is no ${type} ${name}`);
      return found;
    },
    /** A function by its name in the catalogue. */
    lambda(name: string): Resource {
      const found = resources.find((r) => r.Properties.FunctionName === `leadpulse-dev-${name}`);
      if (!found) throw new Error(`there is no function ${name}`);
      return found;
    },
    /** The catalogue's name of the function that `value` refers to. */
    nameOf(value: Json): string | undefined {
      const ids = referredTo(value);
      const found = resources.find((r) => r.Type === 'AWS::Lambda::Function' && ids.has(r.id));
      return found?.Properties.FunctionName?.replace('leadpulse-dev-', '');
    },
    /** All that CloudFormation has in place before it touches this resource. */
    before(id: string): Set<string> {
      const found = new Set<string>();
      const visit = (next: string) => {
        const resource = resources.find((r) => r.id === next);
        for (const ahead of [...referredTo(resource), ...(resource?.DependsOn ?? [])]) {
          if (!found.has(ahead)) visit(found.add(ahead) && ahead);
        }
      };
      visit(id);
      return found;
    },
  };
}

/** Logical ids that a value refers to by Ref, Fn::GetAtt or Fn::Sub, pseudo parameters left out. */
export function referredTo(value: Json): Set<string> {
  const found = new Set<string>();
  JSON.stringify(value, (key, inner) => {
    if (key === 'Ref') found.add(inner);
    if (key === 'Fn::GetAtt') found.add(inner[0]);
    if (key === 'Fn::Sub') for (const [, id] of inner.matchAll(/\$\{(\w+)\}/g)) found.add(id);
    return inner;
  });
  return new Set([...found].filter((id) => !id.startsWith('AWS::')));
}
