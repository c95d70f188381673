import type { AcceptedCommand } from './line-intake.js';

/** Marlin's ring of commands; the one that runs stays at its head until it is done. */
export class CommandQueue {
  readonly #size: number;
  readonly #commands: AcceptedCommand[] = [];
  /** Bytes of the lines that are held. */
  bytes = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get length(): number {
    return this.#commands.length;
  }

  get full(): boolean {
    return this.#commands.length >= this.#size;
  }

  get head(): AcceptedCommand | undefined {
    return this.#commands[0];
  }

  push(command: AcceptedCommand): void {
    this.#commands.push(command);
    this.bytes += command.bytes;
  }

  shift(): void {
    this.bytes -= this.#commands.shift()?.bytes ?? 0;
  }

  clear(): void {
    this.#commands.length = 0;
    this.bytes = 0;
  }
}
