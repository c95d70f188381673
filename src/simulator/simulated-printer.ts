import { performance } from 'node:perf_hooks';
import { Service } from '../lifecycle/service.js';
import type { Fault } from './fault.js';
import { type FaultSettings, faultsFrom } from './fault-settings.js';
import { FirmwareModel } from './firmware-model.js';
import type { FirmwareOptions } from './firmware-options.js';
import { PrintOracle } from './print-oracle.js';
import type { SimulatorFront } from './simulator-front.js';
import type { SimulatorReport } from './simulator-report.js';

export interface SimulatedPrinterOptions extends Partial<FirmwareOptions> {
  readonly front: SimulatorFront;
  readonly faults?: FaultSettings;
  /** Places the random faults; 1 by default. */
  readonly seed?: number;
  /** A port that a fault hung up comes back after this long, ms; undefined: not before `plugIn` or `powerOn`. */
  readonly replugMs?: number;
}

/** What is due sooner is done in the event loop's next turn; a timer takes 1 ms at least. */
const AT_ONCE_MS = 0.05;
/** The longest delay that a timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Waiter {
  readonly reached: () => boolean;
  readonly resolve: () => void;
}

/** A printer behind a port, in real time. After `stop` no timer, port or file is left. */
export class SimulatedPrinter extends Service {
  readonly oracle = new PrintOracle();
  readonly model: FirmwareModel;
  readonly #front: SimulatorFront;
  readonly #replugMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #replug: NodeJS.Timeout | undefined;
  #waiters: Waiter[] = [];
  #open = false;
  #powered = false;

  constructor({ front, faults = {}, seed = 1, replugMs, ...options }: SimulatedPrinterOptions) {
    super();
    this.#front = front;
    this.#replugMs = replugMs;
    this.model = new FirmwareModel(
      options,
      { onRun: (command, known) => this.oracle.ran(command, known), onHangUp: () => this.#hangUp() },
      performance.now(),
    );
    for (const fault of faultsFrom(faults, seed)) this.model.inject(fault);
  }

  /** What a host opens. */
  get path(): string {
    return this.#front.path;
  }

  /** Whether a host has the port open. */
  get open(): boolean {
    return this.#open;
  }

  /** Adds a fault from now on. */
  inject(fault: Fault): void {
    this.model.inject(fault);
  }

  /** The board's reset button. */
  reset(options: { banner?: boolean } = {}): void {
    this.model.reset({ ...options, nowMs: performance.now() });
    this.#pump();
  }

  /** The cable is pulled; the board goes on by itself. */
  async unplug(): Promise<void> {
    await this.#front.unplug();
  }

  async plugIn(): Promise<void> {
    clearTimeout(this.#replug);
    await this.#front.plugIn();
  }

  /** The mains go: the port vanishes, nothing runs. */
  async powerOff(): Promise<void> {
    this.#powered = false;
    this.#stopTimers();
    await this.#front.unplug();
  }

  /** The board starts anew and the port is back. */
  async powerOn(): Promise<void> {
    this.#powered = true;
    this.reset();
    await this.plugIn();
  }

  /** Resolves when so many commands have run since the printer was made. */
  whenLine(ordinal: number): Promise<void> {
    return this.#when(() => this.model.figures.ran >= ordinal);
  }

  /** Resolves when nothing runs, waits or moves. */
  whenIdle(): Promise<void> {
    return this.#when(() => this.model.idle);
  }

  /** Resolves when no host has the port open. */
  whenClosed(): Promise<void> {
    return this.#when(() => !this.#open);
  }

  /** Resolves when the firmware has halted. */
  whenHalted(): Promise<void> {
    return this.#when(() => this.model.haltCause !== undefined);
  }

  report(): SimulatorReport {
    this.#pump();
    const { model } = this;
    const { planner, hotend, bed } = model.hardware;
    const { x, y, z, e } = model.machine.motion;
    const { now, unlimited } = model.clock;
    const faults: Record<string, number> = {};
    for (const fault of model.faults) faults[fault.name] = (faults[fault.name] ?? 0) + fault.struck;
    return {
      ...model.figures,
      moves: planner.moves,
      movedSeconds: planner.movedMs / 1000,
      underruns: unlimited ? undefined : planner.underruns,
      starvedSeconds: unlimited ? undefined : planner.starvedMs / 1000,
      simulatedSeconds: now / 1000,
      position: { x, y, z, e },
      hotend: { current: hotend.reading(now), target: hotend.target },
      bed: { current: bed.reading(now), target: bed.target },
      halted: model.haltCause,
      idle: model.idle,
      faults,
    };
  }

  protected async onStart(): Promise<void> {
    this.#powered = true;
    await this.#front.start({
      onOpen: () => this.#opened(),
      onData: (bytes) => {
        this.model.receive(bytes, performance.now());
        this.#pump();
      },
      onClose: () => {
        this.#open = false;
        this.#wake();
      },
    });
    this.#pump();
  }

  protected async onStop(): Promise<void> {
    this.#powered = false;
    this.#stopTimers();
    clearTimeout(this.#replug);
    await this.#front.stop();
  }

  #opened(): void {
    this.#open = true;
    this.model.dropOutput();
    if (this.model.options.resetOnOpen) this.model.reset({ nowMs: performance.now() });
    this.#pump();
  }

  #hangUp(): void {
    void this.#front.unplug();
    if (this.#replugMs !== undefined) this.#replug = setTimeout(() => void this.#front.plugIn(), this.#replugMs);
  }

  #when(reached: () => boolean): Promise<void> {
    if (reached()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ reached, resolve }));
  }

  /** Lets the time come, hands out what is due and sets the timer for what comes next. */
  #pump(): void {
    if (!this.#powered) return;
    const nowMs = performance.now();
    const chunks = this.model.advance(nowMs);
    // Without a host the words go nowhere, as on a cable that nobody reads.
    if (this.#open) for (const chunk of chunks) this.#front.write(Buffer.from(chunk.text, 'latin1'));
    this.#wake();
    this.#stopTimers();
    const delayMs = this.model.nextDueMs() - nowMs;
    if (delayMs < AT_ONCE_MS) this.#immediate = setImmediate(() => this.#pump());
    else if (delayMs < Infinity) {
      this.#timer = setTimeout(() => this.#pump(), Math.min(LONGEST_TIMER_MS, Math.floor(delayMs)));
    }
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const reached = this.#waiters.filter((waiter) => waiter.reached());
    this.#waiters = this.#waiters.filter((waiter) => !reached.includes(waiter));
    for (const waiter of reached) waiter.resolve();
  }

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }
}
