import { type ChildProcess, fork } from 'node:child_process';
import { deadline } from '../functions/deadline.js';
import { entryFile } from '../isolated/entry-file.js';
import type { ChildOrder } from './child-messages.js';
import { OutputLines } from './output-lines.js';
import { signalGroup } from './process-group.js';

/** A process that was told to retire has this long before it is ended by force; its last words, as long after its end, ms. */
const lastWordsMs = 1000;

export interface ChildOptions {
  /** Node's options; see `inheritedOptions`. */
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a process ended. `stderr` is the end of what its last run had to say. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not be started. */
  readonly error?: Error;
  readonly stderr: string;
}

/** What the run that a child has now is told of it. */
export interface ChildListener {
  message(message: unknown): void;
  output(stream: 'stdout' | 'stderr', line: string): void;
}

/** One child process, the leader of a process group, which runs one job at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #stdout: OutputLines | undefined;
  readonly #stderr: OutputLines | undefined;
  /** Resolves once it and its process group have ended, and all that it said was heard. */
  readonly gone: Promise<ChildEnd>;
  #listener: ChildListener | undefined;
  #isAlive = true;
  /** How many runs it was given. */
  runs = 0;

  /** Throws what `fork` throws. */
  constructor({ execArgv, env }: ChildOptions) {
    this.#process = fork(entryFile('./child-main', import.meta.url), [String(process.pid)], {
      execArgv: [...execArgv],
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    // Where the system has no more files to give, there are none.
    const { stdout, stderr } = this.#process;
    if (stdout) this.#stdout = new OutputLines(stdout, (line) => this.#listener?.output('stdout', line));
    if (stderr) this.#stderr = new OutputLines(stderr, (line) => this.#listener?.output('stderr', line));
    this.#process.on('message', (message) => this.#listener?.message(message));
    this.gone = this.#untilGone();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it can be given a run. */
  get isAlive(): boolean {
    return this.#isAlive && this.#process.connected;
  }

  /** From now on it works for this run. */
  begin(listener: ChildListener): void {
    this.#stdout?.begin();
    this.#stderr?.begin();
    this.#listener = listener;
    this.runs += 1;
  }

  /** Tells it something; `told` is called when that was written, or cannot be. */
  tell(order: ChildOrder, told: () => void = () => undefined): void {
    if (this.isAlive) this.#process.send(order, () => told());
    else told();
  }

  /** Signals it and all that it has started. */
  signal(signal: NodeJS.Signals): void {
    if (this.#isAlive && this.pid !== undefined) signalGroup(this.pid, signal);
  }

  /** Ends it in good order, and by force where that takes too long. */
  retire(): void {
    const cancel = deadline(lastWordsMs, () => this.signal('SIGKILL'));
    void this.gone.then(cancel);
    this.tell({ kind: 'retire' });
  }

  #untilGone(): Promise<ChildEnd> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null, error?: Error): void =>
        resolve({ code, signal, stderr: this.#stderr?.tail ?? '', ...(error === undefined ? {} : { error }) });
      this.#process.on('error', (error) => {
        // Later errors are of messages and signals that come too late; the end of the process tells.
        if (this.pid !== undefined) return;
        this.#isAlive = false;
        end(null, null, error);
      });
      this.#process.on('exit', (code, signal) => {
        // What it has started does not outlive it. Its id is not another's yet.
        this.signal('SIGKILL');
        this.#isAlive = false;
        const cancel = deadline(lastWordsMs, () => end(code, signal));
        this.#process.once('close', () => {
          cancel();
          end(code, signal);
        });
      });
    });
  }
}
