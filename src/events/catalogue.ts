import type { PostgresEvents } from './postgres-events.js';
import type { PrinterEvents } from './printer-events.js';
import type { QueueEvents } from './queue-events.js';

/** Every event by name with its fields. The names and fields are a public API; docs/events.md lists them. */
export interface SpoolgateEvents extends QueueEvents, PrinterEvents, PostgresEvents {}
