import type { FeedLine } from '../protocol/line-feed.js';

/** A command of the host's own among the lines of a file. */
export interface HostCommand {
  readonly kind: 'host';
  readonly command: string;
  /** Settles when the firmware has taken the command; `lines` is what it said since the line before. */
  readonly done: (lines: readonly string[]) => void;
  readonly failed: (error: Error) => void;
}

/** The host's own commands, in order; they go before the lines of a file. */
export class HostCommands {
  readonly #waiting: HostCommand[] = [];
  readonly #open = new Set<HostCommand>();

  add(command: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      const entry: HostCommand = { kind: 'host', command, done: resolve, failed: reject };
      this.#waiting.push(entry);
      this.#open.add(entry);
    });
  }

  /** Whether this very command waits for its acknowledgement. */
  has(command: string): boolean {
    for (const entry of this.#open) if (entry.command === command) return true;
    return false;
  }

  peek(): FeedLine<HostCommand> | undefined {
    const [next] = this.#waiting;
    return next && { command: next.command, tag: next };
  }

  take(): void {
    this.#waiting.shift();
  }

  settle(entry: HostCommand, lines: readonly string[]): void {
    this.#open.delete(entry);
    entry.done(lines);
  }

  /** Takes back those that were not sent yet. */
  withdraw(error: Error): void {
    for (const entry of this.#waiting.splice(0)) {
      this.#open.delete(entry);
      entry.failed(error);
    }
  }

  fail(error: Error): void {
    this.withdraw(error);
    for (const entry of this.#open) entry.failed(error);
    this.#open.clear();
  }
}
