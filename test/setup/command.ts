import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';

/** What a command said, and how it ended. */
export interface Said {
  code: unknown;
  stdout: string;
  stderr: string;
}

/**
 * Runs `node local/run.mjs <words>` from a folder, in this project or a copy of it, with nothing of
 * this process's environment but the path.
 */
export function runCommand(
  words: readonly string[],
  options: {
    cwd: string;
    project?: string;
    env?: Record<string, string>;
    watch?: (child: ChildProcess) => void;
  },
): Promise<Said> {
  const { cwd, env, project = join(import.meta.dirname, '../..'), watch } = options;
  const command = [join(project, 'local/run.mjs'), ...words];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      command,
      { cwd, env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error?.code ?? error?.signal ?? 0, stdout, stderr }),
    );
    watch?.(child);
  });
}
