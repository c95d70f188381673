import { SpoolgateError } from '../errors/spoolgate-error.js';
import { Service } from '../lifecycle/service.js';
import type { Printer } from '../printer/printer.js';

/** The printers of one gateway. */
export class Fleet extends Service {
  readonly #printers: ReadonlyMap<string, Printer>;
  readonly #listeners = new Set<() => void>();

  /** `build` makes the printers and is given what to call when one of them changes. */
  constructor(build: (changed: () => void) => readonly Printer[]) {
    super();
    const printers = build(() => {
      for (const listener of this.#listeners) listener();
    });
    this.#printers = new Map(printers.map((printer) => [printer.id, printer]));
  }

  get printers(): readonly Printer[] {
    return [...this.#printers.values()];
  }

  /** Those that can begin a print now. */
  get ready(): readonly Printer[] {
    return this.printers.filter(({ state }) => state === 'ready');
  }

  /** Throws PRINTER_UNKNOWN. */
  get(id: string): Printer {
    const printer = this.#printers.get(id);
    if (printer) return printer;
    throw new SpoolgateError('PRINTER_UNKNOWN', {
      detail: `${id}; there are ${[...this.#printers.keys()].join(', ') || 'none'}`,
    });
  }

  /** Calls back when a printer may have become ready, or has ceased to be, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when each printer has been tried once. */
  protected async onStart(): Promise<void> {
    await Promise.all(this.printers.map((printer) => printer.start()));
  }

  protected async onStop(): Promise<void> {
    await Promise.all(this.printers.map((printer) => printer.stop()));
  }
}
