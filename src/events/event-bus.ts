import type { SpoolgateEvents } from './catalogue.js';

export type EventName = keyof SpoolgateEvents;
export type EventListener = <Name extends EventName>(name: Name, fields: SpoolgateEvents[Name]) => void;

/**
 * Carries what happens from the rooms where it happens to logs, metrics and the page, which only listen. A listener that throws does
 * not disturb the others or the emitter.
 */
export class EventBus {
  readonly #listeners = new Set<EventListener>();
  /** Whether every line over the wire is told, as `printer.traffic`. Set it before printers connect; it costs time. */
  listensToTraffic = false;

  emit<Name extends EventName>(name: Name, fields: SpoolgateEvents[Name]): void {
    for (const listener of this.#listeners) {
      try {
        listener(name, fields);
      } catch {
        // A log or metric that fails must not stop a print.
      }
    }
  }

  /** Hears every event until the returned function is called. */
  onAny(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears the events of one name until the returned function is called. */
  on<Name extends EventName>(name: Name, listener: (fields: SpoolgateEvents[Name]) => void): () => void {
    return this.onAny((heard, fields) => {
      if ((heard as string) === name) listener(fields as unknown as SpoolgateEvents[Name]);
    });
  }
}
