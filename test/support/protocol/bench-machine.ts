import { marlin } from '../../../src/protocol/dialects/marlin.js';
import type { WindowLimits } from '../../../src/protocol/in-flight.js';
import { LineMachine } from '../../../src/protocol/line-machine.js';
import { defaultLineTimes, type LineTimes } from '../../../src/protocol/line-times.js';
import type { Notice } from '../../../src/protocol/notice.js';

/** A line machine on a bench: commands in, written lines and notices out, the clock in our hand. */
export class BenchMachine {
  readonly machine: LineMachine<string>;
  readonly notices: Notice<string>[] = [];
  readonly written: string[] = [];
  nowMs = 1000;
  readonly #commands: string[];

  constructor(commands: readonly string[], options: { window?: WindowLimits; times?: Partial<LineTimes> } = {}) {
    this.#commands = [...commands];
    this.machine = new LineMachine<string>({
      dialect: marlin,
      window: { firstLines: options.window?.lines ?? 4, ...(options.window ?? { bytes: 127, lines: 4 }) },
      times: { ...defaultLineTimes(115_200), ...options.times },
      feed: {
        peek: () => {
          const [command] = this.#commands;
          return command === undefined ? undefined : { command, tag: command };
        },
        take: () => void this.#commands.shift(),
      },
      lastNumber: 0,
      nowMs: this.nowMs,
    });
  }

  /** Adds commands to the feed and lets the machine see them. */
  offer(...commands: string[]): this {
    this.#commands.push(...commands);
    return this.pass(0);
  }

  /** Lets time pass, stopping at each deadline on the way. */
  pass(ms: number): this {
    const end = this.nowMs + ms;
    for (;;) {
      const deadline = this.machine.nextDeadlineMs();
      if (deadline === undefined || deadline > end) break;
      this.nowMs = Math.max(this.nowMs, deadline);
      this.machine.advance(this.nowMs);
      this.#collect();
    }
    this.nowMs = end;
    this.machine.advance(end);
    this.#collect();
    return this;
  }

  hear(...lines: string[]): this {
    this.machine.receive(lines, this.nowMs);
    this.#collect();
    return this;
  }

  /** What was written since the last call, without checksums. */
  takeWritten(): string[] {
    return this.written.splice(0).map((line) => line.replace(/\*\d+$/, ''));
  }

  acknowledged(): string[] {
    return this.notices.flatMap((notice) =>
      notice.type === 'acknowledged' && notice.tag !== undefined ? [notice.tag] : [],
    );
  }

  told(type: Notice<string>['type']): Notice<string>[] {
    return this.notices.filter((notice) => notice.type === type);
  }

  #collect(): void {
    this.written.push(
      ...this.machine
        .takeOutput()
        .split('\n')
        .filter((line) => line !== ''),
    );
    this.notices.push(...this.machine.takeNotices());
  }
}
