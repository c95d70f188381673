import { Piscina } from 'piscina';
import { sleep } from '../../lifecycle/sleep.js';
import { entryFile } from '../isolated/entry-file.js';
import { killWaitMs } from '../isolated/isolated-run.js';
import type { RunEnd } from '../isolated/messages.js';
import type { ThreadTask } from './thread-main.js';

type ThreadPool = Piscina<ThreadTask, RunEnd>;

/** Never reached: how many run at once is decided by what the executor claims. */
const mostThreads = 10_000;
const mebibyte = 2 ** 20;
/** V8 cannot run a thread with less. */
const leastHeapMb = 8;

/** A pool in use by one run. */
export interface PoolPlace {
  readonly pool: ThreadPool;
  /** The run has got its thread: call it once. */
  readonly begun: () => void;
  /** The run is over: call it once. */
  readonly done: () => void;
}

/** By runs that have no thread yet, the oldest first: what to do with the error of a thread that had no run. */
type Waiting = Set<(error: unknown) => void>;

interface UsedPool {
  readonly pool: ThreadPool;
  readonly waiting: Waiting;
}

/**
 * The threads of one executor: those that are used again and again, and one of its own for each job with a memory limit, which is set when
 * a thread starts and is to count what this job needs and no other.
 */
export class ThreadPools {
  readonly #settings: { readonly execArgv?: readonly string[] | undefined; readonly idleMs: number };
  readonly #pools = new Set<ThreadPool>();
  #shared: UsedPool | undefined;

  constructor(settings: { readonly execArgv?: readonly string[] | undefined; readonly idleMs: number }) {
    this.#settings = settings;
  }

  /** `failed` is called, until the run has begun, when a thread could not start: then no other may ever come. */
  take(memoryBytes: number | undefined, failed: (error: unknown) => void): PoolPlace {
    const used =
      memoryBytes === undefined
        ? (this.#shared ??= this.#create())
        : this.#create(Math.max(leastHeapMb, Math.ceil(memoryBytes / mebibyte)));
    const { pool, waiting } = used;
    waiting.add(failed);
    return {
      pool,
      begun: () => waiting.delete(failed),
      done: () => {
        waiting.delete(failed);
        if (used !== this.#shared) void this.#end(pool);
      },
    };
  }

  /** Ends all threads. Resolves once they have, or, where one waits inside native code, soon after. */
  async end(): Promise<void> {
    const ended = new AbortController();
    const ends = Promise.all([...this.#pools].map((pool) => this.#end(pool)));
    await Promise.race([ends, sleep(killWaitMs, ended.signal)]);
    ended.abort();
  }

  async #end(pool: ThreadPool): Promise<void> {
    this.#pools.delete(pool);
    await pool.destroy();
  }

  #create(heapMb?: number): UsedPool {
    const { execArgv, idleMs } = this.#settings;
    const pool: ThreadPool = new Piscina({
      filename: entryFile('./thread-main', import.meta.url),
      minThreads: 0,
      maxThreads: mostThreads,
      idleTimeout: idleMs,
      // An idle thread goes on to turn, so that what a job leaves behind (sockets to close, output to write) comes to its end.
      atomics: 'disabled',
      recordTiming: false,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      ...(heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMb } }),
    });
    this.#pools.add(pool);
    const waiting: Waiting = new Set();
    // A thread died without a run: while it started, or idle of what a job had left behind. The pool does not say which.
    pool.on('error', (error: unknown) => {
      const [oldest] = waiting;
      oldest?.(error);
    });
    return { pool, waiting };
  }
}
