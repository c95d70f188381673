import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { errorText, SpoolgateError } from '../../errors/spoolgate-error.js';
import { type AbortOrder, type RunOrder, runReport } from '../isolated/messages.js';
import type { Runner, RunnerListener } from '../isolated/runner.js';
import type { ThreadTask } from './thread-main.js';
import type { PoolPlace, ThreadPools } from './thread-pools.js';

/** Words for a thread's end. `memoryBytes` is the limit that it had, if any. */
const threadDeath = (error: unknown, memoryBytes: number | undefined): SpoolgateError => {
  if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new SpoolgateError('JOB_MEMORY_LIMIT', {
      detail: memoryBytes === undefined ? "the thread's heap is full" : `${memoryBytes} bytes of heap`,
    });
  const text = errorText(error);
  const exit = /exited with code: (-?\d+)/.exec(text)?.[1];
  return exit === undefined
    ? new SpoolgateError('RUNNER_DIED', { detail: `uncaught in its thread: ${text}`, cause: error })
    : new SpoolgateError('RUNNER_DIED', { detail: `its thread exited with code ${exit}` });
};

/** One run in one thread of a pool. */
export class ThreadRunner implements Runner {
  readonly #place: PoolPlace;
  readonly #memoryBytes: number | undefined;
  readonly #listener: RunnerListener;
  readonly #port: MessagePort;
  readonly #kill = new AbortController();
  #startFault: unknown;
  #thread: Worker | undefined;

  constructor(pools: ThreadPools, order: RunOrder, memoryBytes: number | undefined, listener: RunnerListener) {
    this.#place = pools.take(memoryBytes, (error) => {
      this.#startFault = error;
      this.#kill.abort();
    });
    this.#memoryBytes = memoryBytes;
    this.#listener = listener;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: unknown) => this.#heard(message));
    void this.#run({ order, port: port2 });
  }

  abort({ code, detail }: SpoolgateError): void {
    this.#port.postMessage({ kind: 'abort', code, detail } satisfies AbortOrder);
  }

  kill(): void {
    this.#kill.abort();
  }

  /** The pool has taken the thread back by itself. */
  release(): void {
    this.#port.close();
  }

  async #run(task: ThreadTask): Promise<void> {
    try {
      const { pool } = this.#place;
      const end = await pool.run(task, { transferList: [task.port], signal: this.#kill.signal });
      this.#place.done();
      this.#listener.report(runReport.parse(end));
    } catch (error) {
      // Its last words may still be on the line.
      for (let last = receiveMessageOnPort(this.#port); last; last = receiveMessageOnPort(this.#port))
        this.#heard(last.message);
      this.#port.close();
      // A task that never got a thread must not get one now.
      this.#kill.abort();
      await this.#untilExited();
      this.#place.done();
      this.#listener.lost(threadDeath(this.#startFault ?? error, this.#memoryBytes));
    }
  }

  /** The pool lets go of a thread at once; what waits inside native code is at work for as long as it waits. */
  #untilExited(): Promise<void> {
    const thread = this.#thread;
    return new Promise((resolve) => {
      if (thread === undefined || thread.threadId === -1) resolve();
      else thread.once('exit', () => resolve());
    });
  }

  #heard(message: unknown): void {
    const report = runReport.safeParse(message);
    if (!report.success) return;
    if (report.data.kind === 'begun') {
      const { threadId } = report.data;
      this.#place.begun();
      this.#thread = this.#place.pool.threads.find((thread) => thread.threadId === threadId);
    }
    this.#listener.report(report.data);
  }
}
