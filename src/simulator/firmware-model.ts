import { CommandInput } from './command-input.js';
import { CommandLine } from './command-line.js';
import { handlerFor } from './command-table.js';
import type { EmergencyCommand } from './emergency-parser.js';
import type { Fault, FaultTarget } from './fault.js';
import { FaultSet } from './fault-set.js';
import { type Figures, zeroFigures } from './figures.js';
import type { Firmware } from './firmware.js';
import { defaultFirmwareOptions, type FirmwareOptions } from './firmware-options.js';
import type { FirmwareModelHooks } from './firmware-model-hooks.js';
import { firmwares } from './firmware-registry.js';
import type { HaltCause } from './halt-cause.js';
import { type Hardware, newHardware } from './hardware.js';
import type { AcceptedCommand } from './line-intake.js';
import { Machine } from './machine.js';
import { okLine } from './ok-line.js';
import { PeriodicOutput } from './periodic-output.js';
import { type OutputChunk, ReplyOutput } from './reply-output.js';
import { SimulatedClock } from './simulated-clock.js';
import { type CommandResult, TimedWait, type Wait } from './wait.js';
import { WireInput } from './wire-input.js';

/** Simulated time that the way to wire time and back may lose. */
const ROUNDING_MS = 1e-6;

type Power = 'booting' | 'running' | 'halted' | 'silent';

/**
 * A Marlin-like printer as a machine of bytes and time: bytes go in with the wire time at which they come, text comes out with the
 * time at which the host may see it. It takes no time, no port and no chance by itself. Wire times are ms and never go back.
 */
export class FirmwareModel implements FaultTarget {
  readonly options: FirmwareOptions;
  readonly hardware: Hardware;
  readonly figures: Figures = zeroFigures();
  readonly clock: SimulatedClock;
  machine: Machine;
  /** Why the firmware has halted; undefined while it runs. */
  haltCause: HaltCause | undefined;
  readonly #firmware: Firmware;
  readonly #hooks: FirmwareModelHooks;
  readonly #wire: WireInput;
  readonly #input: CommandInput;
  readonly #output: ReplyOutput;
  readonly #command = new CommandLine();
  readonly #faults = new FaultSet();
  #periodic: PeriodicOutput;
  #power: Power = 'booting';
  #bannerWanted = true;
  #bootedMs: number;
  #wait: Wait | undefined;
  /** M108, M410 or a prompt's answer has come in: what waits must look. */
  #hostSpoke = false;
  #holdMs = 0;
  #holdBusy = true;
  #wireMs: number;

  /** @param startMs wire time at which the board is switched on. */
  constructor(options: Partial<FirmwareOptions> = {}, hooks: FirmwareModelHooks = {}, startMs = 0) {
    this.options = { ...defaultFirmwareOptions, ...options };
    const { speed, baudRate } = this.options;
    this.#firmware = firmwares[this.options.firmware];
    this.#hooks = hooks;
    this.#wireMs = startMs;
    this.#bootedMs = startMs + this.options.bootMs;
    this.clock = new SimulatedClock(speed, startMs);
    this.hardware = newHardware(this.options);
    this.#wire = new WireInput(baudRate);
    this.#input = new CommandInput(this.options, this.#firmware);
    this.#output = new ReplyOutput(this.options.latencyMs);
    this.machine = this.#newMachine();
    this.#periodic = new PeriodicOutput(this.machine, 0);
  }

  /** Bytes of the host come in. */
  receive(bytes: Uint8Array, nowMs: number): void {
    this.#runTo(nowMs);
    this.figures.receivedBytes += bytes.length;
    this.#wire.send(bytes, nowMs);
    this.#runTo(nowMs);
  }

  /** Lets the time come and takes what the host may see by then. */
  advance(nowMs: number): OutputChunk[] {
    this.#runTo(nowMs);
    return this.#output.takeDue(nowMs);
  }

  /** Wire ms of the next thing to happen by itself; Infinity when only the host can make something happen. */
  nextDueMs(): number {
    const outside = Math.min(this.#output.nextMs, this.#wire.nextMs);
    if (this.#power === 'booting') return Math.min(outside, this.#bootedMs);
    if (this.#power !== 'running') return outside;
    const inside = Math.min(this.#wait?.dueMs ?? Infinity, this.#periodic.nextMs, this.#motionEndMs());
    return Math.min(outside, inside === Infinity ? Infinity : this.clock.wireAt(inside));
  }

  /** Nothing runs, nothing is queued, nothing moves. */
  get idle(): boolean {
    const still = this.hardware.planner.countAt(this.clock.now) === 0;
    return !this.#wait && this.#input.queue.length === 0 && still && this.#power !== 'booting';
  }

  /** The line number that was accepted last. */
  get lastLineNumber(): number {
    return this.#input.intake.last;
  }

  /** Adds a fault; it stays until the end. */
  inject(fault: Fault): void {
    this.#faults.add(fault);
    this.#wire.tamper = this.#faults.wire;
    this.#output.tamper = this.#faults.reply;
  }

  get faults(): readonly Fault[] {
    return this.#faults.all;
  }

  /** The board starts anew, as by DTR, its button or a brown-out; heat and figures stay. */
  reset({ banner = true, nowMs = this.#wireMs }: { banner?: boolean; nowMs?: number } = {}): void {
    if (nowMs > this.#wireMs) this.#runTo(nowMs);
    this.figures.resets++;
    this.#power = 'booting';
    this.#bannerWanted = banner;
    this.#bootedMs = nowMs + this.options.bootMs;
    this.haltCause = undefined;
    this.#stopEverything();
    this.hardware.planner.place(0, 0, 0);
    this.machine = this.#newMachine();
    this.#periodic = new PeriodicOutput(this.machine, this.clock.now);
  }

  halt(cause: HaltCause): void {
    this.figures.halts++;
    this.haltCause = cause;
    for (const line of this.#firmware.haltLines(cause, this.options)) this.#print(line);
    this.#power = 'halted';
    this.#stopEverything();
  }

  hangUp(): void {
    this.#hooks.onHangUp?.();
  }

  fallSilent(): void {
    this.#power = 'silent';
    this.#wait = undefined;
  }

  hold(ms: number, busy: boolean): void {
    this.#holdMs += ms;
    this.#holdBusy = busy;
  }

  killHeater(heater: 'hotend' | 'bed'): void {
    this.hardware[heater].dead = true;
  }

  /** The host is gone: what was meant for it is lost. */
  dropOutput(): void {
    this.#output.clear();
  }

  #newMachine(): Machine {
    const machine = new Machine(
      this.options,
      this.#firmware,
      {
        print: (line) => this.#print(line),
        halt: (cause) => this.halt(cause),
        setLineNumber: (last) => (this.#input.intake.last = last),
      },
      this.hardware,
    );
    machine.now = this.clock.now;
    return machine;
  }

  #stopEverything(): void {
    const { planner, hotend, bed } = this.hardware;
    const { now } = this.clock;
    planner.stop(now);
    hotend.setTarget(0, now);
    bed.setTarget(0, now);
    this.#wait = undefined;
    this.#hostSpoke = false;
    this.#holdMs = 0;
    this.#input.clear();
    this.#wire.clear();
  }

  #print(line: string): void {
    this.#output.print(line, this.#wireMs);
  }

  #motionEndMs(): number {
    const { planner } = this.hardware;
    return planner.countAt(this.clock.now) > 0 ? planner.endsAtMs : Infinity;
  }

  /** Lets everything happen up to this wire time, in its order. */
  #runTo(nowMs: number): void {
    for (;;) {
      const nextMs = Math.min(this.#wire.nextMs, this.#power === 'booting' ? this.#bootedMs : Infinity);
      if (nextMs > nowMs) break;
      this.#work(Math.max(nextMs, this.#wireMs));
      if (this.#power === 'booting' && this.#bootedMs <= nextMs) this.#boot();
      else if (this.#wire.nextMs <= nextMs) this.#arrive(this.#wire.shift());
    }
    this.#work(Math.max(nowMs, this.#wireMs));
  }

  #boot(): void {
    this.#power = 'running';
    if (!this.#bannerWanted) return;
    for (const line of this.#firmware.banner(this.options)) this.#print(line);
  }

  #arrive(bytes: Uint8Array): void {
    if (this.#power === 'booting' || this.#power === 'halted') return;
    if (this.#power === 'running') {
      for (const command of this.#input.emergencies(bytes)) this.#act(command);
      if (this.haltCause) return;
    }
    this.#input.push(bytes);
    this.figures.overflowedBytes = this.#input.overflowedBytes;
    this.figures.maxInFlightBytes = Math.max(this.figures.maxInFlightBytes, this.#input.heldBytes);
  }

  #act(command: EmergencyCommand): void {
    if (command.kind === 'halt') return this.halt({ kind: 'm112' });
    if (command.kind === 'continue') this.machine.continued = true;
    else if (command.kind === 'prompt-answer') this.machine.promptChoice = command.choice;
    else this.machine.quickStop();
    this.#hostSpoke = true;
  }

  /** Runs the firmware's loop up to a wire time. */
  #work(wireMs: number): void {
    while (this.#power === 'running') {
      this.#read();
      if (this.#hostSpoke) {
        this.#hostSpoke = false;
        this.#look();
      } else if (!this.#wait && this.#input.queue.head) this.#begin(this.#input.queue.head);
      else if (!this.#nextEvent(wireMs)) break;
    }
    this.#setTime(this.clock.at(wireMs), wireMs);
  }

  /** Moves on to the next thing that happens by the clock; false when there is none up to this wire time. */
  #nextEvent(wireMs: number): boolean {
    const foregroundMs = this.#wait ? this.#wait.dueMs : this.clock.unlimited ? this.#motionEndMs() : Infinity;
    const dueMs = Math.min(foregroundMs, this.#periodic.nextMs);
    if (dueMs === Infinity) return false;
    if (dueMs > this.clock.at(wireMs) + ROUNDING_MS) {
      if (!this.clock.unlimited || foregroundMs === Infinity) return false;
      this.clock.jumpTo(dueMs, wireMs);
    }
    this.#setTime(dueMs, this.clock.unlimited ? wireMs : this.clock.wireAt(dueMs));
    this.#periodic.run(this.#wait, this.#wireMs);
    if (this.#wait && this.#wait.dueMs <= dueMs) this.#look();
    return true;
  }

  #setTime(simulatedMs: number, wireMs: number): void {
    if (simulatedMs > this.clock.now) this.clock.now = simulatedMs;
    this.machine.now = this.clock.now;
    if (wireMs > this.#wireMs) this.#wireMs = wireMs;
  }

  /** Reads lines while the queue has room. */
  #read(): void {
    for (let line = this.#input.readLine(); line !== undefined; line = this.#input.readLine()) {
      this.#takeLine(line);
      if (this.#power !== 'running') return;
    }
  }

  #takeLine(line: string): void {
    const { intake, queue } = this.#input;
    const result = intake.take(line);
    if (result === 'dropped') {
      this.figures.droppedRepeats++;
      return;
    }
    if ('refused' in result) {
      this.figures.resendRequests++;
      this.#input.flush();
      this.#print(`Error:${result.refused}, Last Line: ${intake.last}`);
      this.#print(`Resend: ${intake.expected}`);
      this.#print('ok');
      return;
    }
    this.figures.accepted++;
    const emergency = this.#input.bareEmergency(line);
    if (emergency) this.#act(emergency);
    if (this.#power === 'running') queue.push(result);
  }

  #begin(command: AcceptedCommand): void {
    const { machine } = this;
    const ordinal = this.figures.ran + 1;
    this.#faults.command(ordinal, command.text, this);
    // A fault may have reset, halted or hung the firmware: then this command never runs.
    if (this.machine !== machine || this.#power !== 'running') return;
    const holdMs = this.options.commandMs + this.#holdMs;
    const busy = this.#holdBusy && 'processing';
    this.#holdMs = 0;
    if (holdMs === 0) this.#settle(this.#run(command));
    else this.#settle(new TimedWait(machine.now + holdMs, () => this.#run(command), busy));
  }

  #run(command: AcceptedCommand): CommandResult {
    this.figures.ran++;
    const parsed = this.#command.parse(command.text);
    const handler = handlerFor(parsed);
    this.#hooks.onRun?.(command.text, handler !== undefined);
    const result = handler ? handler(this.machine, parsed) : 'unknown';
    if (result !== 'unknown') return result ?? undefined;
    this.machine.echo(`Unknown command: "${command.text.split('\0', 1)[0]}"`);
    return undefined;
  }

  /** Looks at the wait: it may be over. */
  #look(): void {
    if (this.#wait) this.#settle(this.#wait.next(this.machine));
  }

  #settle(result: CommandResult): void {
    if (this.#power !== 'running') return;
    if (typeof result === 'object') {
      if (result !== this.#wait) {
        if (!this.#wait || this.#wait.busy !== result.busy) this.#periodic.waits(result);
        this.#wait = result;
      }
      return;
    }
    this.#wait = undefined;
    this.#periodic.waits(undefined);
    this.#periodic.retime();
    if (result === undefined)
      this.#print(okLine(this.options, this.#input.queue, this.hardware.planner.freeAt(this.clock.now)));
    this.#input.queue.shift();
  }
}
