import type { Gateway } from '../gateway/gateway.js';
import type { Logger } from '../observability/logger.js';
import type { ExitCode } from './exit-codes.js';
import { type Interrupts, leaveAtOnce } from './interrupts.js';
import { clockText } from './terminal/times.js';

/** Who is waited for is said again so often, ms. */
const reminderMs = 60_000;

/** The three steps by which a gateway ends: finish the prints, end them safely, leave. */
export class GatewayShutdown {
  readonly #interrupts: Interrupts;
  readonly #logger: Logger;
  #gateway: Gateway | undefined;
  #cutShort = false;

  constructor(interrupts: Interrupts, logger: Logger) {
    this.#interrupts = interrupts;
    this.#logger = logger;
    interrupts.take((count) => this.#heard(count));
  }

  /** 0 for an orderly end, 130 where prints were cut short. */
  get exitCode(): ExitCode {
    return this.#cutShort ? 130 : 0;
  }

  /** Resolves when the gateway has been told to stop and has stopped. */
  async serve(gateway: Gateway): Promise<void> {
    this.#gateway = gateway;
    const { signal } = this.#interrupts;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const reminder = setInterval(() => this.#sayWhatRuns(), reminderMs);
    try {
      await gateway.stop();
    } finally {
      clearInterval(reminder);
    }
  }

  #heard(count: number): void {
    if (count === 1) {
      this.#interrupts.abort();
      this.#logger.info('stopping: no new prints');
      this.#sayWhatRuns();
    } else if (count === 2) {
      const running = this.#gateway?.printing ?? 0;
      this.#cutShort = running > 0;
      this.#logger.warn({ running }, 'ending the running prints: heaters off, head parked');
      this.#gateway?.endPrints();
    } else {
      this.#logger.error('leaving at once; printers go on with what they have');
      leaveAtOnce();
    }
  }

  #sayWhatRuns(): void {
    const running = (this.#gateway?.printing ?? 0) === 0 ? [] : (this.#gateway?.fleet.printers ?? []);
    for (const { id, progress } of running) {
      if (!progress) continue;
      const { percent, etaMs } = progress;
      const left = etaMs === undefined ? '' : `, ${clockText(etaMs)} left`;
      this.#logger.info(
        { printer: id, percent, etaMs },
        `waiting for ${id}: ${Math.floor(percent)} %${left}; the same signal again ends the print safely`,
      );
    }
  }
}
