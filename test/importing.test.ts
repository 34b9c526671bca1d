import { test } from 'vitest';
import { walkImporting } from './setup/walk-importing.ts';

test('docs/importing.md says what its example gives', async () => {
  await walkImporting((page) => page.split('## Olist')[0], { timezone: 'America/New_York' });
});
