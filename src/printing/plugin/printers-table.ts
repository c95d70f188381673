import type { Tables } from '../../queue/tables.js';

/** The quoted name of the table that holds each gateway's printers. */
export const printersTable = (tables: Tables): string => tables.table('printing_printers');
