import type { SpoolgateEvents } from '../../events/catalogue.js';

type EventLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** How one event is written down. */
export interface LogEntry<Fields> {
  readonly level: EventLevel | ((fields: Fields) => EventLevel);
  /** One sentence without the fields that every line has, but with the numbers that matter. */
  readonly message: (fields: Fields) => string;
  /** A noisy one: beyond a few in ten seconds from the same printer it is counted and not written. */
  readonly limited?: boolean;
}

/** An entry for each event of a part of the catalogue: one without an entry does not compile. */
export type EventLog<Events> = {
  readonly [Name in keyof Events & keyof SpoolgateEvents]: LogEntry<SpoolgateEvents[Name]>;
};
