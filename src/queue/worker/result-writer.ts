import { setImmediate as turn } from 'node:timers/promises';
import { SpoolgateError, errorText } from '../../errors/spoolgate-error.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import { type FinishedRow, findFinishedJobs, finishJobs } from '../sql/finish-jobs.js';
import type { Tables } from '../tables.js';
import { isDataError } from './data-error.js';
import { tableJobError } from './job-error.js';
import { type RunResult, resultText } from './run-result.js';
import type { WatchedDatabase } from './watched-database.js';
import type { WorkerEvents } from './worker-events.js';

/** The state that was stored, or undefined when the row was no longer ours. */
export type StoredState = string | undefined;

interface Pending {
  readonly result: RunResult;
  readonly text: string;
  readonly resolve: (state: StoredState) => void;
  /** How often it has been made plainer for the table's sake. */
  readonly plainer: number;
  /** It went out on a connection that was lost: it may be stored already. */
  isDoubtful: boolean;
}

export interface ResultWriterOptions {
  readonly workerId: string;
  readonly tables: Tables;
  readonly database: WatchedDatabase;
  readonly events: WorkerEvents;
}

const mostRows = 500;
const mostCharacters = 8 * 1024 * 1024;
const backoff = { initialMs: 100, limitMs: 5000 };

/**
 * Stores the ends of runs. A lone result is written at once; those that come while a write is under way go together in the next one. What
 * cannot be written for want of a database is kept and tried again until it is, or until `abandon`. A result that the table refuses is
 * found by halving its batch, and is stored in a plainer form that names the reason.
 */
export class ResultWriter {
  readonly #options: ResultWriterOptions;
  readonly #abandoned = new AbortController();
  #waiting: Pending[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: ResultWriterOptions) {
    this.#options = options;
  }

  /** Resolves once the result is stored, or known to be refused. */
  write(result: RunResult): Promise<StoredState> {
    return new Promise((resolve) => {
      this.#waiting.push({ result, text: resultText(result), resolve, plainer: 0, isDoubtful: false });
      this.#start();
    });
  }

  #start(): void {
    this.#writing ??= this.#writeAll().then(() => {
      this.#writing = undefined;
      // One may have come after the last look.
      if (this.#waiting.length > 0) this.#start();
    });
  }

  /** Resolves once nothing waits to be written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Gives up what is not stored yet: it resolves as refused, and its rows are left to recovery. */
  abandon(): void {
    this.#abandoned.abort();
  }

  async #writeAll(): Promise<void> {
    const { database, events } = this.#options;
    // What ends in the same turn of the event loop goes together.
    await turn();
    for (let failures = 0; this.#waiting.length > 0;) {
      if (this.#abandoned.signal.aborted) {
        for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
        return;
      }
      const batch = this.#nextBatch();
      try {
        await this.#store(batch);
        failures = 0;
        events.well('storing results');
      } catch (error) {
        events.trouble('storing results', error);
        await database.pause(backoffMs(failures, backoff), this.#abandoned.signal);
        failures += 1;
      }
    }
  }

  #nextBatch(): readonly Pending[] {
    let characters = 0;
    let rows = 0;
    for (const { text } of this.#waiting.slice(0, mostRows)) {
      characters += text.length;
      if (rows > 0 && characters > mostCharacters) break;
      rows += 1;
    }
    return this.#waiting.splice(0, rows);
  }

  /** Stores a batch, or puts what is not stored back in line and throws. */
  async #store(batch: readonly Pending[]): Promise<void> {
    let left = batch;
    try {
      const states = await this.#send(finishJobs, batch);
      left = settle(batch, states);
      const doubtful = left.filter(({ isDoubtful }) => isDoubtful);
      if (doubtful.length > 0) left = settle(left, await this.#send(findFinishedJobs, doubtful));
      for (const { resolve } of left) resolve(undefined);
    } catch (error) {
      if (isDataError(error)) {
        await this.#divide(left, error);
        return;
      }
      for (const pending of left) pending.isDoubtful = true;
      this.#waiting.unshift(...left);
      throw error;
    }
  }

  async #divide(batch: readonly Pending[], error: unknown): Promise<void> {
    const [only] = batch;
    if (only !== undefined && batch.length === 1) {
      const plainer = this.#plainer(only, error);
      if (plainer !== undefined) await this.#store([plainer]);
      return;
    }
    const half = Math.ceil(batch.length / 2);
    const later = batch.slice(half);
    try {
      await this.#store(batch.slice(0, half));
    } catch (failure) {
      this.#waiting.unshift(...later);
      throw failure;
    }
    await this.#store(later);
  }

  /** The same end without what may have been refused: first without meta and the errors' texts, then as a plain failure. */
  #plainer(pending: Pending, error: unknown): Pending | undefined {
    const { result, plainer } = pending;
    const reason = errorText(error);
    this.#options.events.emit('worker.malformed', { what: 'job', id: result.id, reason });
    const refused = tableJobError(
      new SpoolgateError('RESULT_UNSTORABLE', { detail: reason, cause: error }),
      result.was,
    );
    const forms: readonly RunResult[] = [
      { ...result, meta: undefined, scheduledAt: undefined, maxAttempts: undefined, errors: [refused] },
      {
        id: result.id,
        queue: result.queue,
        was: result.was,
        attempts: result.was + 1,
        state: 'failed',
        errors: [refused],
      },
    ];
    const form = forms[plainer];
    if (form === undefined) {
      pending.resolve(undefined);
      return undefined;
    }
    return { ...pending, result: form, text: resultText(form), plainer: plainer + 1 };
  }

  async #send(
    statement: (tables: Tables) => { readonly text: string },
    batch: readonly Pending[],
  ): Promise<ReadonlyMap<string, string>> {
    const { database, tables, workerId } = this.#options;
    const json = `[${batch.map(({ text }) => text).join(',')}]`;
    const rows = await database.query<FinishedRow>(statement(tables), [json, workerId]);
    return new Map(rows.map(({ id, state }) => [id, state]));
  }
}

/** Resolves what is in `states`; returns the rest. */
const settle = (batch: readonly Pending[], states: ReadonlyMap<string, string>): readonly Pending[] =>
  batch.filter(({ result, resolve }) => {
    const state = states.get(result.id);
    if (state !== undefined) resolve(state);
    return state === undefined;
  });
