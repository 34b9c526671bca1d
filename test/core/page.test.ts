import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestMachine } from '../setup/machine.ts';

let api: Awaited<ReturnType<typeof startTestMachine>>;
beforeAll(async () => {
  api = await startTestMachine();
});
afterAll(() => api.close());

test('the page runs its own script and nothing else, and asks nobody but this API', async () => {
  const { status, headers, text } = await api.get('/');
  expect(status).toBe(200);
  const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    (match) => match[1] ?? '',
  );
  expect(scripts).toHaveLength(1);
  const hash = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`script-src 'sha256-${hash}'`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(text).not.toMatch(/\son\w+=|innerHTML|https?:\/\//);
  expect(text.split('\n').length).toBeLessThanOrEqual(170);
});
