import { sendDigest } from '../core/alerts/send-digest.ts';
import { jobHandler } from '../core/jobs/stack.ts';

/** Daily: sends the digest, once a day however often it is asked to. */
export const handler = jobHandler('send-digest', sendDigest);
