import { createHash } from 'node:crypto';
import { endpoint } from '../http/endpoint.ts';
import page from './page.html' with { type: 'text' };

/** `GET /`: the reports as tables. The key stays in the browser, behind `#`. */
export const showPage = endpoint({
  answers: { 200: { description: 'The page', contentType: 'text/html' } },
  async run() {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    };
    return { status: 200, headers, body: page };
  },
});

/** This page's own script, by its hash, and this API: nothing else may run or be asked. */
function policy(): string {
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
