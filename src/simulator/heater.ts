import type { HaltCause } from './halt-cause.js';

export type HeaterName = 'hotend' | 'bed';

/** What a heater is made of. Temperatures in °C, times in ms. */
export interface HeaterSpec {
  readonly name: HeaterName;
  /** Rise at full power with no loss, °C per second. */
  readonly riseCPerS: number;
  /** Time constant of the loss to the air, seconds. */
  readonly lossS: number;
  /** A reading above this halts the printer. */
  readonly maxC: number;
  /** The first degrees must come within this time (Marlin's WATCH_TEMP_PERIOD), ms. */
  readonly watchMs: number;
  /** Below its hysteresis for this long is a runaway (THERMAL_PROTECTION_PERIOD), ms. */
  readonly runawayMs: number;
  readonly hysteresisC: number;
}

export const hotendSpec: HeaterSpec = {
  name: 'hotend',
  riseCPerS: 6.5,
  lossS: 75,
  maxC: 275,
  watchMs: 20_000,
  runawayMs: 40_000,
  hysteresisC: 4,
};

export const bedSpec: HeaterSpec = {
  name: 'bed',
  riseCPerS: 1.7,
  lossS: 200,
  maxC: 150,
  watchMs: 60_000,
  runawayMs: 20_000,
  hysteresisC: 2,
};

const STEP_MS = 100;
const WATCH_RISE_C = 2;
/** The controller closes the last degrees as 1 - e^(-t/this), seconds. */
const SETTLING_S = 3;
const OPEN_SENSOR_C = -15;
const SHORT_SENSOR_C = 999;
const MIN_C = 5;
const MIN_PATIENCE_MS = 700;

/** A heater with thermal mass, its controller and Marlin's protection of it. Times are simulated ms and never go back. */
export class Heater {
  readonly spec: HeaterSpec;
  readonly #ambientC: number;
  /** The true temperature, °C. */
  temperature: number;
  /** Full power is 127, as Marlin's `@:` shows it. */
  power = 0;
  /** A heater that takes current no more: cartridge out of its block, broken wire. */
  dead = false;
  sensor: 'sound' | 'open' | 'short' = 'sound';
  #target = 0;
  #updatedMs = 0;
  #watchUntilMs = 0;
  #watchC = 0;
  #reachedTarget = false;
  #belowSinceMs: number | undefined;
  #coldSinceMs: number | undefined;

  constructor(spec: HeaterSpec, ambientC: number, nowMs = 0) {
    this.spec = spec;
    this.#updatedMs = nowMs;
    this.#ambientC = ambientC;
    this.temperature = ambientC;
  }

  /** °C; 0 is off. */
  get target(): number {
    return this.#target;
  }

  setTarget(targetC: number, nowMs: number): void {
    this.advance(nowMs);
    if (targetC !== this.#target) {
      this.#reachedTarget = false;
      this.#belowSinceMs = undefined;
    }
    this.#target = targetC;
    this.#watch(nowMs);
  }

  /** What the sensor says, °C. */
  reading(nowMs: number): number {
    this.advance(nowMs);
    if (this.sensor === 'open') return OPEN_SENSOR_C;
    return this.sensor === 'short' ? SHORT_SENSOR_C : this.temperature;
  }

  advance(nowMs: number): void {
    while (nowMs - this.#updatedMs >= STEP_MS) {
      this.#step(STEP_MS / 1000);
      this.#updatedMs += STEP_MS;
    }
  }

  /** Marlin's protection, to be asked about several times a second; the cause for which the printer halts, if there is one. */
  check(nowMs: number): HaltCause | undefined {
    const reading = this.reading(nowMs);
    const { name, maxC, hysteresisC, runawayMs } = this.spec;
    if (reading > maxC) return { kind: 'maxtemp', heater: name };
    if (this.#target === 0) {
      this.#coldSinceMs = undefined;
      return undefined;
    }
    if (reading < MIN_C) {
      this.#coldSinceMs ??= nowMs;
      return nowMs - this.#coldSinceMs >= MIN_PATIENCE_MS ? { kind: 'mintemp', heater: name } : undefined;
    }
    this.#coldSinceMs = undefined;
    if (this.#watchUntilMs > 0 && nowMs >= this.#watchUntilMs) {
      if (reading < this.#watchC) return { kind: 'heating-failed', heater: name };
      this.#watch(nowMs);
    }
    if (reading >= this.#target - hysteresisC) {
      this.#reachedTarget = true;
      this.#belowSinceMs = undefined;
    } else if (this.#reachedTarget) {
      this.#belowSinceMs ??= nowMs;
      if (nowMs - this.#belowSinceMs >= runawayMs) return { kind: 'thermal-runaway', heater: name };
    }
    return undefined;
  }

  #watch(nowMs: number): void {
    const { watchMs, hysteresisC } = this.spec;
    const farBelow = this.#target > this.temperature + WATCH_RISE_C + hysteresisC + 1;
    this.#watchUntilMs = farBelow && !this.#reachedTarget ? nowMs + watchMs : 0;
    this.#watchC = this.temperature + WATCH_RISE_C;
  }

  #step(seconds: number): void {
    const { riseCPerS, lossS } = this.spec;
    const lossCPerS = (this.temperature - this.#ambientC) / lossS;
    const wanted = ((this.#target - this.temperature) / SETTLING_S + lossCPerS) / riseCPerS;
    const share = this.#target === 0 ? 0 : Math.min(1, Math.max(0, wanted));
    this.power = Math.round(share * 127);
    this.temperature += ((this.dead ? 0 : share * riseCPerS) - lossCPerS) * seconds;
  }
}
