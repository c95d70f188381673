import * as pty from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { cliArguments, cliEnvironment } from './spoolgate.js';

/** A command line in a terminal of 80 columns. */
export class TerminalRun {
  text = '';
  readonly ended: Promise<number>;
  readonly #process: pty.IPty;
  #waiters: (() => void)[] = [];
  #hasEnded = false;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#process = pty.spawn(process.execPath, [...cliArguments, ...args], {
      cols: 80,
      rows: 24,
      env: { ...cliEnvironment(env), TERM: 'xterm' },
    });
    this.#process.onData((data) => {
      this.text += data;
      for (const wake of this.#waiters.splice(0)) wake();
    });
    this.ended = new Promise((resolve) => {
      this.#process.onExit(({ exitCode }) => {
        this.#hasEnded = true;
        for (const wake of this.#waiters.splice(0)) wake();
        resolve(exitCode);
      });
    });
    onTestFinished(() => {
      if (!this.#hasEnded) this.#process.kill('SIGKILL');
    });
  }

  /** Resolves when the terminal shows it; also when the command has ended without. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text) && !this.#hasEnded)
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** What somebody types; \u0003 is Ctrl-C. */
  type(keys: string): void {
    this.#process.write(keys);
  }
}
