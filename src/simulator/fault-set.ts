import type { Fault, FaultTarget } from './fault.js';

/** The faults of one printer, by what they listen to. Each works on what the one before it left. */
export class FaultSet {
  readonly #all: Fault[] = [];

  get all(): readonly Fault[] {
    return this.#all;
  }

  add(fault: Fault): void {
    this.#all.push(fault);
  }

  /** What passes the lines of the host; undefined while no fault wants to see them, which spares the hot path. */
  get wire(): ((line: string) => string) | undefined {
    if (!this.#all.some((fault) => 'onWire' in fault)) return undefined;
    return (line) => this.#all.reduce((text, fault) => fault.onWire?.(text) ?? text, line);
  }

  /** What passes the printer's replies; undefined while no fault wants to see them. */
  get reply(): ((reply: string) => string) | undefined {
    if (!this.#all.some((fault) => 'onReply' in fault)) return undefined;
    return (reply) => this.#all.reduce((text, fault) => fault.onReply?.(text) ?? text, reply);
  }

  /** A command is about to run. */
  command(ordinal: number, command: string, printer: FaultTarget): void {
    for (const fault of this.#all) fault.onCommand?.(ordinal, command, printer);
  }
}
