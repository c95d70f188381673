import { createHash } from 'node:crypto';
import type { Tables } from '../../tables.js';

/** The table of triggers. */
export const triggersTable = (tables: Tables): string => tables.table('spoolgate_triggers');

/** What a trigger is known by in the table and to Postgres: letters and digits only, whatever its name, and of its own for each prefix. */
export const triggerId = ({ prefix }: Tables, name: string): string =>
  createHash('sha256').update(`${prefix}\0${name}`).digest('hex').slice(0, 32);

/** The trigger's name in Postgres; within the 63 bytes of an identifier. */
export const postgresTrigger = (id: string): string => `spoolgate_${id}`;

/** The function that all triggers of a prefix call, and the one that makes ids for it; unqualified. */
export const triggerFunction = (tables: Tables): string => tables.table('spoolgate_trigger');
export const jobIdFunction = (tables: Tables): string => tables.table('spoolgate_job_id');
