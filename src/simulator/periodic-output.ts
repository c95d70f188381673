import type { Machine } from './machine.js';
import type { Wait } from './wait.js';

/** Lines of their own accord do not come closer than this, wire ms: a fast clock would drown the host. */
const CLOSEST_WIRE_MS = 20;
/** How often the heaters' protection is looked at: often enough for its shortest patience. */
const CHECK_MS = 200;

/** What the firmware does by the clock: busy lines, automatic reports, heater protection. Times are simulated ms. */
export class PeriodicOutput {
  readonly #machine: Machine;
  #busyMs = Infinity;
  #temperatureMs = Infinity;
  #positionMs = Infinity;
  #checkMs = CHECK_MS;
  #lastWireMs = -Infinity;

  constructor(machine: Machine, nowMs: number) {
    this.#machine = machine;
    this.#checkMs = nowMs + CHECK_MS;
  }

  /** A command begins to hold its ok, or has ended (`undefined`). */
  waits(wait: Wait | undefined): void {
    const { now, busyIntervalMs } = this.#machine;
    this.#busyMs = wait?.busy && busyIntervalMs > 0 ? now + busyIntervalMs : Infinity;
  }

  /** When something is due; Infinity when the machine rests. */
  get nextMs(): number {
    return Math.min(this.#busyMs, this.#temperatureMs, this.#positionMs, this.#needsCheck() ? this.#checkMs : Infinity);
  }

  /** A command ran that may have changed the intervals. */
  retime(): void {
    const { now, temperatureReportMs, positionReportMs } = this.#machine;
    if (temperatureReportMs === 0) this.#temperatureMs = Infinity;
    else this.#temperatureMs = Math.min(this.#temperatureMs, now + temperatureReportMs);
    if (positionReportMs === 0) this.#positionMs = Infinity;
    else this.#positionMs = Math.min(this.#positionMs, now + positionReportMs);
  }

  /** Does what is due at `machine.now`. */
  run(wait: Wait | undefined, wireMs: number): void {
    const machine = this.#machine;
    const { now } = machine;
    if (this.#needsCheck() && now >= this.#checkMs) {
      this.#checkMs = now + CHECK_MS;
      const cause = machine.hotend.check(now) ?? machine.bed.check(now);
      if (cause) return machine.links.halt(cause);
    }
    if (now >= this.#temperatureMs) {
      this.#temperatureMs = now + machine.temperatureReportMs;
      this.#say(` ${machine.temperatureReport()}`, wireMs);
    }
    if (now >= this.#positionMs) {
      this.#positionMs = now + machine.positionReportMs;
      this.#say(machine.positionReport(), wireMs);
    }
    if (now >= this.#busyMs && wait?.busy) {
      this.#busyMs = now + machine.busyIntervalMs;
      this.#say(`echo:busy: ${wait.busy}`, wireMs);
    }
  }

  #say(line: string, wireMs: number): void {
    if (wireMs - this.#lastWireMs < CLOSEST_WIRE_MS) return;
    this.#lastWireMs = wireMs;
    this.#machine.print(line);
  }

  #needsCheck(): boolean {
    const { hotend, bed } = this.#machine;
    return hotend.target > 0 || bed.target > 0 || hotend.sensor === 'short' || bed.sensor === 'short';
  }
}
