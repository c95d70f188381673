import type { Statement } from '../database/statement.js';

/** Sends payloads. $1 channel, $2 payloads. */
export const sendNotifications = (): Statement => ({
  text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
});
