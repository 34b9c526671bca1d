import { open, readFile } from 'node:fs/promises';

/** An acknowledgement: what was offered, what it was answered, and the id that was promised. */
export interface Entry {
  readonly offer: string;
  readonly kind: 'lead' | 'event';
  readonly status: number;
  readonly id: string;
}

/** What a client was told is safe, on disk before the client counts it. */
export async function openLedger(path: string) {
  const file = await open(path, 'a');
  let waiting: { line: string; written: () => void }[] = [];
  let writing: Promise<void> | undefined;

  /** Those that come while the disk is busy share the next sync. */
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await file.appendFile(batch.map(({ line }) => line).join(''));
      await file.datasync();
      for (const { written } of batch) written();
    }
    writing = undefined;
  }

  return {
    /** Resolves when the entry is on disk. */
    add(entry: Entry): Promise<void> {
      return new Promise((written) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, written });
        writing ??= write();
      });
    },
    async read(): Promise<Entry[]> {
      const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line));
    },
    async close(): Promise<void> {
      await writing;
      await file.close();
    },
  };
}

/** An open ledger. */
export type Ledger = Awaited<ReturnType<typeof openLedger>>;
