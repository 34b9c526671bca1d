/** A command of ours in a page: `npm run keys -- create --scopes …`. */
export interface Command {
  /** As the page has it. */
  readonly line: string;
  /** Its name in package.json. */
  readonly script: string;
  /** Without their dashes. */
  readonly options: readonly string[];
  /** What the CDK is told by `-c name=value`. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** The npm commands of a page, in blocks and in the text. */
export function commandsOf(page: string): Command[] {
  // A command ends with its line, with its backtick, and where another one or a comment begins.
  const found = page
    .replaceAll(/\\\n\s*/g, ' ')
    .matchAll(/\bnpm (run )?(?:-s |--silent )?([a-z][\w:-]*)([^\n`|&;#]*)/g);
  return [...found].flatMap(([line, run, name = '', rest = '']) => {
    // Of npm's own commands only these two run a script.
    if (!run && name !== 'start' && name !== 'test') return [];
    // Usages have […] around what may be left out, and lists have three dots.
    const words = rest.split(/[\s[\]…)]+/);
    const options = words.flatMap((word) => /^--([a-z][a-z-]*)/.exec(word)?.[1] ?? []);
    const settings = [...rest.matchAll(/ -c (\w+)=(\S+)/g)].map(
      ([, setting = '', value = '']) => [setting, value] as const,
    );
    return [{ line: line.trim(), script: name, options, settings }];
  });
}

/** What a page links to in this project; pictures are links, too. */
export function linksOf(page: string): { path: string; anchor: string | undefined }[] {
  return [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    return [{ path, anchor }];
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function headingsOf(page: string): Set<string> {
  const headings = [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(headings);
}

function withoutBlocks(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
