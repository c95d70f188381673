import type { Statement } from '../../../queue/database/statement.js';
import type { Tables } from '../../../queue/tables.js';

/** $1 channel, $2 payload. Touches no table. */
export const sendNotification = (tables: Tables): Statement => ({
  name: tables.statementName('printing_notify'),
  text: 'SELECT pg_notify($1, $2)',
});
