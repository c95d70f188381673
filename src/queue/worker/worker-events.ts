import type { EventBus } from '../../events/event-bus.js';
import type { QueueEvents } from '../../events/queue-events.js';
import { errorText } from '../../errors/spoolgate-error.js';
import { isConnectionError } from '../database/database.js';
import type { Hub } from '../hub.js';

type Fields<Name extends keyof QueueEvents> = Omit<QueueEvents[Name], 'workerId'>;

/** Says what a worker does on the event bus, with its id, and on its hub. */
export class WorkerEvents {
  readonly #workerId: string;
  readonly #events: EventBus;
  readonly #hub: Hub;
  /** What is wrong now, by what was being done. */
  readonly #troubles = new Map<string, string>();

  constructor(workerId: string, events: EventBus, hub: Hub) {
    this.#workerId = workerId;
    this.#events = events;
    this.#hub = hub;
  }

  emit<Name extends keyof QueueEvents>(name: Name, fields: Fields<Name>): void {
    const all = { workerId: this.#workerId, ...fields } as QueueEvents[Name];
    this.#events.emit(name, all as never);
    this.#hub.emit(name, { ...all });
  }

  /**
   * Reports an error of something that is done over and over: again only once the error is another, or after `well`. The loss of the
   * database is not reported here: it has events of its own.
   */
  trouble(doing: string, error: unknown): void {
    if (isConnectionError(error)) return;
    const text = errorText(error);
    if (this.#troubles.get(doing) === text) return;
    this.#troubles.set(doing, text);
    this.emit('worker.error', { doing, error: text });
  }

  well(doing: string): void {
    this.#troubles.delete(doing);
  }
}
