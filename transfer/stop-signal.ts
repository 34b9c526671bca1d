/** Aborted by Ctrl-C: a command ends where it is, and stops in order what it started. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Error('Stopped.')));
  }
  return controller.signal;
}
