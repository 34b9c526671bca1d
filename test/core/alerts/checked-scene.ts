import { afterAll, afterEach } from 'vitest';
import { handler } from '../../../functions/check-sla.ts';
import { type SceneLead, startScene } from '../jobs/scene.ts';

/** A scene for a test file, cleared after each test, and what its tests ask of the check. */
export async function startCheckedScene() {
  const scene = await startScene();
  afterEach(async () => {
    await scene.received();
    await scene.clear();
  });
  afterAll(() => scene.close());
  return {
    scene,
    /** The check of so many hours after the scene's now. */
    check: (hours = 0) => handler({ scheduled_at: scene.hoursLater(hours) }, {} as never),
    /** Each transition with its value. */
    told: async () =>
      (await scene.received()).map(({ message }) => [message.transition, message.value]),
    /** With its history. */
    whole: async (id: string) => (await scene.get(`/v1/incidents/${id}`)).body,
  };
}

/** So many leads alike. */
export const times = (count: number, lead: SceneLead) => Array.from({ length: count }, () => lead);

/** A rule that breaks after an hour. */
export const oldest = { name: 'waits', metric: 'oldest_waiting_minutes', threshold: 60 };
