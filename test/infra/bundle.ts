import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// biome-ignore lint/suspicious/noExplicitAny: answers have every form
type Answer = any;

/** A bundle in a process of its own, with nothing in its environment but what is given. */
export async function startBundle(file: string, environment: Record<string, string>) {
  const runtime = join(import.meta.dirname, 'run-bundle.mjs');
  const child: ChildProcess = fork(runtime, [file], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let logged = '';
  child.stdout?.on('data', (text) => {
    logged += text;
  });
  const closed = once(child, 'close');
  await nextMessage(child);
  return {
    async invoke(event: unknown): Promise<Answer> {
      child.send(event as object);
      const { answer, error } = await nextMessage(child);
      if (error) throw new Error(error);
      return answer?.body ? { ...answer, body: JSON.parse(answer.body) } : answer;
    },
    /** Ends it; the lines that it wrote to its standard output. */
    async stop(): Promise<string[]> {
      child.kill();
      await closed;
      return logged.split('\n').filter(Boolean);
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<Answer> {
  const over = new AbortController();
  const exit = once(child, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`the bundle's process ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: over.signal }), exit]);
    return message;
  } finally {
    over.abort();
    exit.catch(() => undefined);
  }
}
