import type { JobRun } from './job-run.js';

/** The runs of one worker, from the claim until their end is stored. */
export class RunningJobs {
  readonly #runs = new Map<string, JobRun>();
  readonly #whenEmpty = new Set<() => void>();

  add(run: JobRun): void {
    this.#runs.set(run.fetched.id, run);
  }

  remove(run: JobRun): void {
    this.#runs.delete(run.fetched.id);
    if (this.#runs.size > 0) return;
    for (const resolve of this.#whenEmpty) resolve();
    this.#whenEmpty.clear();
  }

  get(id: string): JobRun | undefined {
    return this.#runs.get(id);
  }

  get size(): number {
    return this.#runs.size;
  }

  all(): readonly JobRun[] {
    return [...this.#runs.values()];
  }

  of(queue: string): readonly JobRun[] {
    return this.all().filter((run) => run.fetched.queue === queue);
  }

  /** Resolves once no job runs. */
  untilEmpty(): Promise<void> {
    return this.#runs.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenEmpty.add(resolve));
  }
}
