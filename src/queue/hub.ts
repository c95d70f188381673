import { SpoolgateError } from '../errors/spoolgate-error.js';

export type HubBody = Readonly<Record<string, unknown>>;
/** What it returns is not looked at, except that the rejection of a promise is caught. */
export type HubListener = (body: HubBody, event: string) => unknown;

export interface WaitForOptions {
  /** Rejects with `WAIT_TIMEOUT` after this many ms; waits for ever without it. */
  readonly timeoutMs?: number;
  /** Only an event whose body passes. */
  readonly where?: (body: HubBody) => boolean;
}

/**
 * Chancy's hub: what happens on one worker, and every notification of the database, by name. Names are open; plugins emit their own.
 * A listener that throws or rejects disturbs nobody.
 */
export class Hub {
  readonly #byEvent = new Map<string, Set<HubListener>>();
  readonly #any = new Set<HubListener>();

  /** Hears the events of one name until the returned function is called. */
  on(event: string, listener: HubListener): () => void {
    const listeners = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, listeners);
    // A wrapper of its own, so that the same function may be registered twice and let go once.
    const own: HubListener = (body, name) => listener(body, name);
    listeners.add(own);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#byEvent.get(event) === listeners) this.#byEvent.delete(event);
    };
  }

  /** Hears every event until the returned function is called. */
  onAny(listener: HubListener): () => void {
    const own: HubListener = (body, name) => listener(body, name);
    this.#any.add(own);
    return () => this.#any.delete(own);
  }

  /** Resolves with the body of the next event of this name. A `where` that throws counts as no. */
  waitFor(event: string, options: WaitForOptions = {}): Promise<HubBody> {
    const { timeoutMs, where = () => true } = options;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const off = this.on(event, (body) => {
        if (!where(body)) return;
        clearTimeout(timer);
        off();
        resolve(body);
      });
      if (timeoutMs === undefined) return;
      timer = setTimeout(() => {
        off();
        reject(new SpoolgateError('WAIT_TIMEOUT', { detail: `no ${event} within ${timeoutMs} ms` }));
      }, timeoutMs);
    });
  }

  emit(event: string, body: HubBody = {}): void {
    for (const listener of [...(this.#byEvent.get(event) ?? []), ...this.#any]) call(listener, body, event);
  }
}

const call = (listener: HubListener, body: HubBody, event: string): void => {
  try {
    const result = listener(body, event);
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // A listener's fault is its own: the worker goes on.
  }
};
