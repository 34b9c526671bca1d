import { checkSla } from '../core/alerts/check-sla.ts';
import { jobHandler } from '../core/jobs/stack.ts';

/** Hourly: checks the alert rules and publishes what they say. */
export const handler = jobHandler('check-sla', checkSla);
