/** Which queue a running job came from: prints do not know, but their lines in the log should say it. */
export class JobQueues {
  readonly #queues = new Map<string, string>();

  /** Takes notice of an event and returns the queue of its job, if it has one. */
  follow(event: string, { jobId, queue }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof jobId !== 'string') return undefined;
    const known = this.#queues.get(jobId);
    if (event === 'job.claimed' && typeof queue === 'string') this.#queues.set(jobId, queue);
    if (event === 'job.finished' || event === 'job.result_refused') this.#queues.delete(jobId);
    return known;
  }
}
