import type { FrontHandlers, SimulatorFront } from '../../../src/simulator/simulator-front.js';

/** A host on a front's port. */
export interface FrontHost {
  send(text: string): Promise<void>;
  close(): Promise<void>;
  /** Everything received so far, one character for each byte. */
  readonly received: string;
  /** Resolves when the port has vanished under the host. */
  readonly hungUp: Promise<void>;
}

export interface FrontRig {
  readonly front: SimulatorFront;
  /** Opens the front's port; rejects when it is not there. */
  readonly open: () => Promise<FrontHost>;
}

/** Keeps what a front tells, and lets tests wait for it. */
export class FrontLog implements FrontHandlers {
  opened = 0;
  closed = 0;
  data = '';
  #waiting: (() => void)[] = [];

  onOpen(): void {
    this.opened++;
    this.#wake();
  }

  onData(bytes: Uint8Array): void {
    this.data += Buffer.from(bytes).toString('latin1');
    this.#wake();
  }

  onClose(): void {
    this.closed++;
    this.#wake();
  }

  /** Resolves when it is so. */
  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Resolves when `reached` is so, looked at after each event that `listen` hears. */
export const whenText = async (host: FrontHost, part: string): Promise<void> => {
  while (!host.received.includes(part)) await new Promise((resolve) => setTimeout(resolve, 2));
};
