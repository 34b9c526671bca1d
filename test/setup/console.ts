import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** A command of a page's console blocks, and what it shows. */
export interface Step {
  command: string;
  shown: string;
}

/**
 * The steps of a page: lines with `$` are commands, `\` and an open quote go on; the rest is shown.
 * What stands in a block before its first command belongs to an empty one.
 */
export function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) => {
    const found: Step[] = [{ command: '', shown: '' }];
    for (const line of block.replaceAll(/\\\n\s*/g, ' ').split('\n')) {
      const last = found[found.length - 1] as Step;
      if (line.startsWith('$ ')) found.push({ command: line.slice(2), shown: '' });
      else if ((last.command.split("'").length - 1) % 2 === 1) last.command += `\n${line}`;
      else last.shown += `${line}\n`;
    }
    return found.filter((step) => step.command !== '' || step.shown.trim() !== '');
  });
}

/** Does the output show this? `…` stands for anything. */
export function shows(output: string, shown: string): boolean {
  let place = 0;
  return partsOf(shown).every((part) => {
    const at = output.indexOf(part, place);
    place = at + part.length;
    return at >= 0;
  });
}

function partsOf(shown: string): string[] {
  return shown
    .trim()
    .split('…')
    .map((part) => part.trim());
}

/** Waits up to 20 seconds. */
export async function until(met: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !met(); attempt++) await pause(100);
}

/** One shell for all commands, so that what one exports the next one has. */
export function openShell(options: { cwd?: string; env?: Record<string, string> } = {}) {
  const env = { ...process.env, NO_COLOR: '1', ...options.env };
  const bash = spawn('bash', [], { ...options, env });
  let output = '';
  bash.stdout.on('data', (text) => {
    output += text;
  });
  return {
    async run(command: string): Promise<string> {
      output = '';
      bash.stdin.write(`${command}\necho "<<done>>"\n`);
      await until(() => output.includes('<<done>>'));
      return output.replace('<<done>>', '');
    },
    close: () => bash.stdin.end(),
  };
}
