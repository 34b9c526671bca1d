const steps: (() => unknown)[] = [];

/** Has `step` run at the end, after those registered later: what was started last stops first. */
export function atEnd(step: () => unknown): void {
  steps.unshift(step);
}

/**
 * Runs the steps, each once. One that fails is told of and does not keep the others from running.
 */
export async function end(): Promise<void> {
  for (const step of steps.splice(0)) {
    try {
      await step();
    } catch (error) {
      console.error(error);
    }
  }
}
