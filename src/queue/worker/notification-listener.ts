import type pg from 'pg';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { backoffMs } from '../../lifecycle/backoff.js';
import { sleep } from '../../lifecycle/sleep.js';
import type { Database } from '../database/database.js';
import { type Notification, parseNotification } from '../notification.js';
import { quoteIdentifier } from '../tables.js';
import type { WorkerContext } from './worker-context.js';

export interface NotificationListenerOptions {
  readonly source: Pick<Database, 'connectListener'>;
  readonly channel: string;
  /** How often the connection is tried, ms, and how long its answer may take. */
  readonly probeIntervalMs: number;
  readonly probeTimeoutMs: number;
  readonly onNotification: (notification: Notification) => void;
  /** Listening again after a loss: notifications may have been missed. */
  readonly onListening: () => void;
}

const backoff = { initialMs: 100, limitMs: 5000 };
const doing = 'listening for notifications';
const longestQuote = 200;
const goodbyeMs = 2000;

/** Listens on a connection of its own, and opens another one when that is lost or has silently died. */
export class NotificationListener {
  readonly #context: Pick<WorkerContext, 'events' | 'database'>;
  readonly #options: NotificationListenerOptions;
  readonly #ended = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(context: Pick<WorkerContext, 'events' | 'database'>, options: NotificationListenerOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Resolves once it listens, or has failed to for the first time; it goes on trying. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#loop = this.#listenOn(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
  }

  async #listenOn(onTried: () => void): Promise<void> {
    const { events, database } = this.#context;
    const { signal } = this.#ended;
    for (let failures = 0; !signal.aborted;) {
      try {
        const client = await database.observe(() => this.#connect());
        failures = 0;
        events.well(doing);
        onTried();
        await this.#untilLost(client);
        if (!signal.aborted) database.lost(new SpoolgateError('DATABASE_UNREACHABLE', { detail: doing }));
      } catch (error) {
        events.trouble(doing, error);
        onTried();
        await sleep(backoffMs(failures, backoff), signal);
        failures += 1;
      }
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = await this.#options.source.connectListener();
    client.on('notification', ({ payload }) => this.#receive(payload));
    try {
      await client.query(`LISTEN ${quoteIdentifier(this.#options.channel)}`);
    } catch (error) {
      await end(client);
      throw error;
    }
    this.#options.onListening();
    return client;
  }

  /** Resolves once the connection is gone, and sees to it that it is. */
  async #untilLost(client: pg.Client): Promise<void> {
    const lost = new AbortController();
    client.once('end', () => lost.abort());
    const either = AbortSignal.any([lost.signal, this.#ended.signal]);
    const { probeIntervalMs, probeTimeoutMs } = this.#options;
    while (!either.aborted) {
      await sleep(probeIntervalMs, either);
      if (either.aborted) break;
      const answered = client.query('SELECT 1').then(
        () => true,
        () => false,
      );
      const isAlive = await Promise.race([answered, sleep(probeTimeoutMs, either).then(() => false)]);
      if (!isAlive) break;
    }
    await end(client);
  }

  #receive(payload: string | undefined): void {
    const parsed = parseNotification(payload);
    if (parsed.ok) {
      this.#options.onNotification(parsed.notification);
    } else {
      const id = (payload ?? '').slice(0, longestQuote);
      this.#context.events.emit('worker.malformed', { what: 'notification', id, reason: parsed.reason });
    }
  }
}

/** Ends a connection; one that owes an answer is cut. Waits for the goodbye of a server only for a moment. */
const end = async (client: pg.Client): Promise<void> => {
  const gone = new AbortController();
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, sleep(goodbyeMs, gone.signal)]);
  gone.abort();
};
