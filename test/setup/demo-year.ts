import { yearOf } from '../../demo/year.ts';

/** The end of a year that is long over, so that no clock takes it for the future. */
export const demoEnd = Date.parse('2025-05-20T18:30:00Z');
export const demoZone = 'America/New_York';

/** What `npm run demo` would have loaded then. */
export const demoYear = () => yearOf({ seed: 7, end: demoEnd, timezone: demoZone });
