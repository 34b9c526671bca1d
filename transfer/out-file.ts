import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where an export goes. */
export interface Output {
  write(text: string): Promise<void>;
  /** All was written. */
  finish(): Promise<void>;
  /** It broke off: nothing of it stays. */
  abandon(): Promise<void>;
}

/**
 * A file that is there when it is whole: until then its rows are in one beside it, and an earlier
 * file of its name stays as it is. Throws a sentence.
 */
export async function openOutFile(path: string): Promise<Output> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new Error(`${path} is a folder: name a file.`);
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const fail = ({ code }: NodeJS.ErrnoException): never => {
    throw new Error(`${path} cannot be written (${code}).`);
  };
  const file = await open(unfinished, 'w').catch(fail);
  return {
    write: (text) => file.writeFile(text).catch(fail),
    async finish() {
      await file.sync().catch(fail);
      await file.close();
      await rename(unfinished, path).catch(fail);
    },
    async abandon() {
      await file.close();
      await rm(unfinished, { force: true });
    },
  };
}

/** Standard output, waited for, so that a slow reader fills no memory. */
export const standardOutput: Output = {
  write: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    }),
  finish: async () => undefined,
  abandon: async () => undefined,
};
