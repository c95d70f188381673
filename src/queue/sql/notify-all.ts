import type { Statement } from '../database/database.js';

/** Notifies on channel $1 with each of the payloads $2, at commit. */
export const notifyAll = (): Statement => ({
  text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
});
