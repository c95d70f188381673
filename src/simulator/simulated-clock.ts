/** Simulated ms per wire ms of an unlimited clock while nothing is waited for: a host that heats by polling needs time to pass. */
const UNLIMITED_IDLE_RATE = 60;

/**
 * Relates the printer's own time to the time on the wire. Motion, heat, dwell and busy lines live in simulated time; latency, baud
 * rate and booting live in wire time. Both are in ms. A speed of Infinity makes every wait of the printer end at once: the clock is
 * then moved by `jumpTo`.
 */
export class SimulatedClock {
  /** The simulated moment that is being worked on. */
  now = 0;
  readonly unlimited: boolean;
  readonly #rate: number;
  readonly #startedWire: number;
  #jumped = 0;

  constructor(speed: number, startWireMs: number) {
    this.unlimited = speed === Infinity;
    this.#rate = this.unlimited ? UNLIMITED_IDLE_RATE : speed;
    this.#startedWire = startWireMs;
  }

  /** The simulated time that has come at this wire time. */
  at(wireMs: number): number {
    return this.#jumped + (wireMs - this.#startedWire) * this.#rate;
  }

  /** The wire time at which this simulated time comes by itself. */
  wireAt(simulatedMs: number): number {
    return this.#startedWire + (simulatedMs - this.#jumped) / this.#rate;
  }

  /** Moves an unlimited clock ahead, so that `simulatedMs` has come at this wire time. Never back. */
  jumpTo(simulatedMs: number, wireMs: number): void {
    const ahead = simulatedMs - this.at(wireMs);
    if (ahead > 0) this.#jumped += ahead;
  }
}
