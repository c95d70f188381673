/**
 * A long-lived thing: starts once, stops any number of times, and `stop` resolves when it has ended.
 * `stop` during `start` waits for the start first. A service that was stopped does not start again.
 */
export abstract class Service {
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** Brings the service up; the second call returns the first call's promise. */
  start(): Promise<void> {
    if (this.#stopping)
      return Promise.reject(new Error(`${this.constructor.name} was stopped and does not start again`));
    this.#starting ??= this.onStart();
    return this.#starting;
  }

  /** Brings the service down and waits for its end; harmless before `start`, and as often as you like. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      await this.#starting?.catch(() => undefined);
      await this.onStop();
    })();
    return this.#stopping;
  }

  protected abstract onStart(): Promise<void>;
  protected abstract onStop(): Promise<void>;
}
