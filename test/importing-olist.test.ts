import { test } from 'vitest';
import { walkImporting } from './setup/walk-importing.ts';

// The files may not be committed: OLIST names the folder they are in.
test.skipIf(!process.env.OLIST)('docs/importing.md says what the files of Olist give', async () => {
  const options = { timezone: 'America/Sao_Paulo' };
  await walkImporting((page) => page.split('## Olist')[1]?.replace('export OLIST=…', ':'), options);
});
