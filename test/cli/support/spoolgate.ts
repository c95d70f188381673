import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const cliArguments = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url)),
];

/** What a command line sees of the environment: nothing of the developer's own settings. */
export const cliEnvironment = (env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  TMPDIR: process.env['TMPDIR'],
  ...env,
});

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. */
  readonly json: () => unknown;
}

/** A command line that runs; ended at the test's end at the latest. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ran>;
  #hasEnded = false;
  #waiters: (() => void)[] = [];

  constructor(args: readonly string[], { cwd, env }: RunOptions = {}) {
    this.child = spawn(process.execPath, [...cliArguments, ...args], {
      cwd,
      env: cliEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#heard(() => (this.stdout += text)));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#heard(() => (this.stderr += text)));
    this.child.once('close', () => this.#heard(() => (this.#hasEnded = true)));
    this.ended = once(this.child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
      json: () => JSON.parse(this.stdout) as unknown,
    }));
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Resolves when stdout or stderr holds the text; rejects if the command ends before. */
  async says(text: string | RegExp): Promise<void> {
    const isSaid = (): boolean => {
      const all = this.stdout + this.stderr;
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    while (!isSaid()) {
      if (this.#hasEnded) throw new Error(`ended without saying ${String(text)}:\n${this.stdout}\n${this.stderr}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #heard(change: () => void): void {
    change();
    for (const wake of this.#waiters.splice(0)) wake();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** Runs a command line to its end. */
export const spoolgate = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  new Running(args, options).ended;
