/** The meta that a function sees, with what it last said of its progress. */
export class RunValues {
  values: Record<string, unknown>;
  #fraction = 0;

  constructor(meta: Readonly<Record<string, unknown>>) {
    this.values = structuredClone(meta) as Record<string, unknown>;
  }

  /** Puts `{ fraction, message }` into the values: see `JobContext.progress`. */
  progress(fraction: number, message: string | undefined): void {
    if (Number.isFinite(fraction)) this.#fraction = Math.min(1, Math.max(0, fraction));
    this.values['progress'] = { fraction: this.#fraction, ...(message === undefined ? {} : { message }) };
  }
}
