import { Piscina } from 'piscina';
import { sleep } from '../../lifecycle/sleep.js';
import { entryFile } from '../isolated/entry-file.js';
import { killWaitMs } from '../isolated/isolated-run.js';
import type { RunEnd } from '../isolated/messages.js';
import type { ThreadTask } from './thread-main.js';

type ThreadPool = Piscina<ThreadTask, RunEnd>;

/** How many pools with a memory limit are kept while nothing runs in them. */
const mostIdlePools = 4;
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

interface PoolUse {
  readonly pool: ThreadPool;
  running: number;
  /** By runs that have no thread yet, the oldest first: what to do with an error of a thread that had no run. */
  readonly waiting: Set<(error: unknown) => void>;
}

/**
 * The threads of one executor. A thread's memory limit is set when it starts, so there is a pool for each limit that jobs ask for, made when
 * it is first needed; those that nobody uses are let go of, the longest unused first.
 */
export class ThreadPools {
  readonly #settings: { readonly execArgv?: readonly string[] | undefined; readonly idleMs: number };
  /** By MiB; in the order of their last use. */
  readonly #pools = new Map<number | undefined, PoolUse>();

  constructor(settings: { readonly execArgv?: readonly string[] | undefined; readonly idleMs: number }) {
    this.#settings = settings;
  }

  /**
   * A place in a pool whose threads have at least this limit. `failed` is called, until the run has begun, when a thread could not start:
   * then no other may ever come.
   */
  take(memoryBytes: number | undefined, failed: (error: unknown) => void): PoolPlace {
    const heapMb = memoryBytes === undefined ? undefined : Math.max(leastHeapMb, Math.ceil(memoryBytes / mebibyte));
    const use = this.#pools.get(heapMb) ?? this.#create(heapMb);
    this.#pools.delete(heapMb);
    this.#pools.set(heapMb, use);
    use.running += 1;
    use.waiting.add(failed);
    return {
      pool: use.pool,
      begun: () => use.waiting.delete(failed),
      done: () => {
        use.waiting.delete(failed);
        use.running -= 1;
        this.#prune();
      },
    };
  }

  /** Ends all threads. Resolves once they have, or, where one waits inside native code, soon after. */
  async end(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    const ended = new AbortController();
    await Promise.race([Promise.all(pools.map(({ pool }) => pool.destroy())), sleep(killWaitMs, ended.signal)]);
    ended.abort();
  }

  #create(heapMb: number | undefined): PoolUse {
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
    const waiting: PoolUse['waiting'] = new Set();
    // A thread died without a run: while it started, or idle of what a job had left behind. The pool does not say which.
    pool.on('error', (error: unknown) => {
      const [oldest] = waiting;
      oldest?.(error);
    });
    return { pool, running: 0, waiting };
  }

  #prune(): void {
    const idle = [...this.#pools].filter(([heapMb, { running }]) => heapMb !== undefined && running === 0);
    for (const [heapMb, { pool }] of idle.slice(0, -mostIdlePools)) {
      this.#pools.delete(heapMb);
      void pool.destroy();
    }
  }
}
