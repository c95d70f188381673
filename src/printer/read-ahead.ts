/**
 * Reads batches from an asynchronous source ahead of a consumer that cannot wait, so that a slow disk or a busy process does not starve
 * the printer. Holds at most `capacity` items plus one batch.
 */
export class ReadAhead<Item> {
  readonly #capacity: number;
  readonly #onChange: () => void;
  readonly #source: AsyncIterator<readonly Item[]>;
  #batches: (readonly Item[])[] = [];
  #index = 0;
  #buffered = 0;
  #reading = false;
  #ended = false;
  #error: unknown;

  /** `onChange` is called when items have come, and when the source has ended or failed. */
  constructor(source: AsyncIterable<readonly Item[]>, onChange: () => void, capacity = 4096) {
    this.#source = source[Symbol.asyncIterator]();
    this.#onChange = onChange;
    this.#capacity = capacity;
  }

  /** All items have been taken and no more will come. */
  get isOver(): boolean {
    return this.#ended && this.#buffered === 0;
  }

  /** Why the source failed; the items before the failure are still given out. */
  get error(): unknown {
    return this.#buffered === 0 ? this.#error : undefined;
  }

  /** The next item, or undefined when none is here yet (or ever). */
  next(): Item | undefined {
    for (;;) {
      const [batch] = this.#batches;
      if (!batch) break;
      if (this.#index < batch.length) {
        const item = batch[this.#index];
        this.#index += 1;
        this.#buffered -= 1;
        if (this.#buffered < this.#capacity / 2) this.fill();
        return item;
      }
      this.#batches.shift();
      this.#index = 0;
    }
    this.fill();
    return undefined;
  }

  /** Starts reading when there is room; `next` does it by itself. */
  fill(): void {
    if (this.#reading || this.#ended || this.#buffered >= this.#capacity) return;
    this.#reading = true;
    void this.#read();
  }

  /** Lets go of the source; no more items come. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#batches = [];
    this.#buffered = 0;
    await this.#source.return?.();
  }

  async #read(): Promise<void> {
    try {
      while (!this.#ended && this.#buffered < this.#capacity) {
        const result = await this.#source.next();
        if (this.#ended) return;
        if (result.done) {
          this.#ended = true;
          break;
        }
        this.#batches.push(result.value);
        this.#buffered += result.value.length;
        this.#onChange();
      }
    } catch (error) {
      this.#error = error;
      this.#ended = true;
    } finally {
      this.#reading = false;
    }
    if (this.#ended) this.#onChange();
  }
}
