import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Node, RootConstruct } from 'constructs';
import { beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../core/catalogue/functions.ts';
import { readSettings } from '../infra/settings.ts';
import { synthesise } from './infra/template.ts';
import { type Command, commandsOf, headingsOf, linksOf } from './setup/documents.ts';
import { optionsOf } from './setup/options.ts';

const text = (file: string) => readFileSync(file, 'utf8');
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'])
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const operations = text('docs/operations.md');
const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
const commands = pages.flatMap((page) => commandsOf(text(page)).map((of) => ({ ...of, page })));
const told = (wrong: readonly { page: string; line: string }[]) =>
  wrong.map(({ page, line }) => `${page}: ${line}`);

describe('the docs and the commands', () => {
  test('every npm script is in the docs', () => {
    const known = new Set(commands.map(({ script }) => script));
    expect(Object.keys(scripts).filter((name) => !known.has(name))).toEqual([]);
  });

  test('every npm command in the docs exists', () => {
    const wrong = commands.filter(({ script }) => !Object.hasOwn(scripts, script));
    expect(told(wrong)).toEqual([]);
    expect(commands.length).toBeGreaterThan(100);
  });

  test('every option of ours in the docs is one that its command takes', async () => {
    const takes = new Map<string, ReadonlySet<string>>();
    for (const [name, script] of Object.entries(scripts)) {
      const file = /local\/run\.mjs (\S+)/.exec(script)?.[1];
      if (file) takes.set(name, await optionsOf(file));
    }
    const wrong = commands.filter(({ script, options }) =>
      options.some((option) => takes.get(script)?.has(option) === false),
    );
    expect(told(wrong)).toEqual([]);
    expect(commands.filter(hasOptions).length).toBeGreaterThan(40);
  });

  test('every setting that the docs give to the stack is one', () => {
    const given = commands.filter(({ settings }) => settings.length > 0);
    const wrong = given.filter(({ settings }) => {
      const said = messageOf(() => readSettings(contextWith(Object.fromEntries(settings))));
      return said.includes('There is no setting');
    });
    expect(told(wrong)).toEqual([]);
    expect(given.length).toBeGreaterThan(5);
  });
});

describe('docs/operations.md', () => {
  let stack: ReturnType<typeof synthesise>;
  beforeAll(() => {
    stack = synthesise({ stage: 'prod' });
  });

  test('it is ten steps from nothing to the first alert', () => {
    const steps = [...operations.matchAll(/^### (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('outputs, functions and versions that the docs name are those of the stack', () => {
    const all = pages.map(text).join('\n');
    const named = [...all.matchAll(/\$\(output (\w+)\)/g)].map(([, name]) => String(name));
    expect(named.filter((name) => !Object.hasOwn(stack.outputs, name))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
    const called = all.matchAll(/(?:name |lambda\/)leadpulse-prod-([a-z-]+)/g);
    const unknown = [...called].filter(([, name]) => !Object.hasOwn(functions, String(name)));
    expect(unknown.map(([line]) => line)).toEqual([]);
    const { devDependencies } = JSON.parse(text('package.json'));
    expect(operations).toContain(`\`aws-cdk\` ${devDependencies['aws-cdk']}`);
  });

  test('every alarm of the stack is in docs/alarms.md', () => {
    const guide = text('docs/alarms.md');
    const alarms = stack.ofType('AWS::CloudWatch::Alarm');
    const names = alarms.map((one) => String(one.Properties.AlarmName).replace(/^.*?-prod-/, ''));
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
    expect(operations).toContain(`${names.length} alarms`);
  });

  test('what it costs adds up', () => {
    const rows = [...operations.matchAll(/^\|.*\|$/gm)].map(([row]) => row.split('|').slice(2, -1));
    const sums = rows.findIndex((cells) => cells[0]?.includes('**'));
    const items = rows.slice(0, sums).filter((cells) => /^ [\d.]+ $/.test(String(cells[0])));
    expect(items.length).toBeGreaterThan(10);
    for (const column of [0, 1, 2]) {
      const cents = items.reduce((sum, cells) => sum + Math.round(100 * Number(cells[column])), 0);
      expect(`**${(cents / 100).toFixed(2)}**`).toBe(rows[sums]?.[column]?.trim());
    }
  });
});

test('every link between the docs leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(text(page)).flatMap(({ path, anchor }) => {
      const target = path === '' ? page : join(dirname(page), path);
      const isThere = existsSync(target) && (!anchor || headingsOf(text(target)).has(anchor));
      return isThere ? [] : [`${page}: ${path}${anchor ? `#${anchor}` : ''}`];
    }),
  );
  expect(broken).toEqual([]);
});

function hasOptions({ options }: Command): boolean {
  return options.length > 0;
}

/** As the CDK sees cdk.json, and what is said with -c on top. */
function contextWith(given: Record<string, string>): Node {
  const { node } = new RootConstruct();
  const { context } = JSON.parse(text('cdk.json'));
  for (const [name, value] of Object.entries({ ...context, ...given })) {
    node.setContext(name, value);
  }
  return node;
}

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}
