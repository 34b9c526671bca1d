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
    // What a function logs is not this test's subject.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await nextMessage(child);
  return {
    async invoke(event: unknown): Promise<Answer> {
      child.send(event as object);
      const { answer, error } = await nextMessage(child);
      if (error) throw new Error(error);
      return answer?.body ? { ...answer, body: JSON.parse(answer.body) } : answer;
    },
    async stop(): Promise<void> {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
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
