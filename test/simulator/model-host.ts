import { FirmwareModel } from '../../src/simulator/firmware-model.js';
import type { FirmwareModelHooks } from '../../src/simulator/firmware-model-hooks.js';
import type { FirmwareOptions } from '../../src/simulator/firmware-options.js';
import { PrintOracle } from '../../src/simulator/print-oracle.js';

/** A host beside a firmware model, with a clock of its own: what takes a minute in the model takes no time here. */
export class ModelHost {
  readonly model: FirmwareModel;
  readonly oracle = new PrintOracle();
  /** Whole lines that came from the printer, with the time of each, ms. */
  readonly received: { readonly text: string; readonly ms: number }[] = [];
  now = 0;
  #partial = '';

  constructor(options: Partial<FirmwareOptions> = {}, hooks: FirmwareModelHooks = {}) {
    this.model = new FirmwareModel(options, { onRun: (command, known) => this.oracle.ran(command, known), ...hooks });
  }

  /** A host whose printer has booted and said so. */
  static booted(options: Partial<FirmwareOptions> = {}, hooks: FirmwareModelHooks = {}): ModelHost {
    const host = new ModelHost(options, hooks);
    host.run(host.model.options.bootMs + host.model.options.latencyMs);
    host.received.length = 0;
    return host;
  }

  get lines(): string[] {
    return this.received.map(({ text }) => text);
  }

  send(text: string): this {
    this.model.receive(Buffer.from(text, 'latin1'), this.now);
    this.#collect();
    return this;
  }

  /** Lets the time pass, ms. */
  run(ms: number): this {
    return this.runUntil(() => false, ms);
  }

  /** Lets the time pass until it is so, or so many ms have passed. */
  runUntil(reached: () => boolean, limitMs = 3_600_000): this {
    const endMs = this.now + limitMs;
    while (!reached()) {
      const dueMs = this.model.nextDueMs();
      if (dueMs > endMs) {
        this.now = endMs;
        this.#collect();
        return this;
      }
      this.now = Math.max(this.now, dueMs);
      this.#collect();
    }
    return this;
  }

  /** Sends a command and returns everything up to its ok. */
  ask(command: string): string[] {
    const from = this.received.length;
    this.send(`${command}\n`).runUntil(() => this.lines.slice(from).some((line) => line.startsWith('ok')));
    return this.lines.slice(from);
  }

  /** Sends all commands, each when the one before it has its ok. */
  print(commands: readonly string[]): this {
    for (const command of commands) this.ask(command);
    return this;
  }

  #collect(): void {
    for (const { text } of this.model.advance(this.now)) {
      const lines = (this.#partial + text).split('\n');
      this.#partial = lines.pop() ?? '';
      for (const line of lines) this.received.push({ text: line, ms: this.now });
    }
  }
}

/** A line with its number and checksum. */
export const numbered = (number: number, command: string): string => {
  const body = `N${number} ${command}`;
  const sum = [...Buffer.from(body, 'latin1')].reduce((total, byte) => total ^ byte, 0);
  return `${body}*${sum}\n`;
};
