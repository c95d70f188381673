/** Workflows of which something has happened, each once. */
export class DueWorkflows {
  /** By id, whether one of its steps ended on this worker. */
  readonly #due = new Map<string, boolean>();

  get isEmpty(): boolean {
    return this.#due.size === 0;
  }

  add(id: string, isOurs: boolean): void {
    this.#due.set(id, isOurs || (this.#due.get(id) ?? false));
  }

  /** Takes up to `most` out of those that are ours, or else of those that are not. */
  take(most: number): { readonly ids: readonly string[]; readonly areOurs: boolean } {
    const ours = [...this.#due].filter(([, isOurs]) => isOurs);
    const areOurs = ours.length > 0;
    const ids = (areOurs ? ours : [...this.#due]).slice(0, most).map(([id]) => id);
    for (const id of ids) this.#due.delete(id);
    return { ids, areOurs };
  }
}
