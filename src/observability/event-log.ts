import type { SpoolgateEvents } from '../events/catalogue.js';
import type { EventLog } from './event-log/log-entry.js';
import { postgresLog } from './event-log/postgres.js';
import { printerLog } from './event-log/printer.js';
import { queueLog } from './event-log/queue.js';

/** How each event is logged: its level and its sentence. An event that is missing here does not compile. */
export const eventLog: EventLog<SpoolgateEvents> = { ...queueLog, ...printerLog, ...postgresLog };
