/** A worker by its id; null for running jobs that name none. */
export type WorkerName = string | null;

/**
 * Remembers since when each worker has been missing. Its row may be missing although it lives: a crash empties the table (wire contract,
 * section 1.4), and while the database is away nobody can announce itself. So a worker counts as dead only after it was missing for the
 * whole of `graceMs` without a break in looking.
 */
export class MissingWorkers {
  readonly #graceMs: number;
  /** By worker, when it was first missing. */
  #since = new Map<WorkerName, number>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Takes note of who is missing at `nowMs`. `dead` have been so for long enough; `waitMs` is when the next one may be. */
  look(
    missing: readonly WorkerName[],
    nowMs: number,
  ): { readonly dead: readonly WorkerName[]; readonly waitMs: number } {
    this.#since = new Map(missing.map((name) => [name, this.#since.get(name) ?? nowMs]));
    const left = (name: WorkerName): number => this.#graceMs - (nowMs - (this.#since.get(name) ?? nowMs));
    return {
      dead: missing.filter((name) => left(name) <= 0),
      waitMs: Math.min(Infinity, ...missing.map(left).filter((each) => each > 0)),
    };
  }

  /** Begins anew: what was seen before says nothing any more. */
  forget(): void {
    this.#since.clear();
  }
}
