import { Interrupted } from './interrupted.js';

/** Where signals come from: the process, or a stand-in. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
}

/** Called with 1 for the first signal, 2 for the second, and so on. */
export type InterruptHandler = (count: number) => void;

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Ctrl-C and its kin. The first one aborts `signal`, upon which the command clears up and ends; the second one leaves at once. A command
 * that has more to say about it takes over with `take`.
 *
 * npm passes on the SIGINT that its child has had from the terminal already: two of one name within
 * `onePressMs` are one.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #source: SignalSource;
  readonly #now: () => number;
  readonly #onSignal = (name: NodeJS.Signals): void => this.#heard(name);
  #handler: InterruptHandler | undefined;
  #count = 0;
  readonly #lastMs = new Map<NodeJS.Signals, number>();

  constructor(source: SignalSource = process, now: () => number = () => performance.now()) {
    this.#source = source;
    this.#now = now;
    for (const name of signals) source.on(name, this.#onSignal);
  }

  /** Aborts at the first interrupt, with `Interrupted` as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Hands the following interrupts to `handler`, counted from 1; it then decides when to `abort`. */
  take(handler: InterruptHandler): void {
    this.#handler = handler;
    this.#count = 0;
  }

  /** Ends the command as an interrupt would. */
  abort(): void {
    this.#controller.abort(new Interrupted());
  }

  /** Signals do what they do by default again. */
  dispose(): void {
    for (const name of signals) this.#source.off(name, this.#onSignal);
  }

  #heard(name: NodeJS.Signals): void {
    const nowMs = this.#now();
    if (nowMs - (this.#lastMs.get(name) ?? -Infinity) < onePressMs) return;
    this.#lastMs.set(name, nowMs);
    this.#count += 1;
    if (this.#handler) this.#handler(this.#count);
    else if (this.#count === 1) this.abort();
    else leaveAtOnce();
  }
}

const onePressMs = 100;

/** The last resort: what runs is left to itself. */
export const leaveAtOnce = (): never => process.exit(130);
