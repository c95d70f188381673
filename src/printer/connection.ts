import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import type { Temperatures } from '../events/printer-events.js';
import { backoffMs } from '../lifecycle/backoff.js';
import { Service } from '../lifecycle/service.js';
import { sleep } from '../lifecycle/sleep.js';
import type { FirmwareReport } from '../protocol/firmware-report.js';
import type { TransportFactory } from '../transport/transport.js';
import type { Clock } from './clock.js';
import type { FileLine } from './file-feed.js';
import { type LinkListener, PrinterLink } from './printer-link.js';
import type { PrinterProfile } from './printer-profile.js';

export interface ConnectionOptions {
  readonly profile: PrinterProfile;
  readonly transport: TransportFactory;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly printing: () => boolean;
  readonly connected: () => void;
  readonly lost: (error: SpoolgateError) => void;
  readonly acknowledged: (line: FileLine) => void;
  readonly temperatures: (temperatures: Temperatures) => void;
  readonly resendRequested: () => void;
  readonly okLost: (lines: number) => void;
  readonly action: (action: string) => void;
  readonly changed: () => void;
}

const reconnect = { initialMs: 500, limitMs: 30_000 };

/** Keeps one printer connected: opens a link, asks for temperatures, and opens another one, ever more slowly, when it is lost. */
export class Connection extends Service {
  readonly #options: ConnectionOptions;
  readonly #ended = new AbortController();
  #link: PrinterLink<FileLine> | undefined;
  #firmware: FirmwareReport | undefined;
  #error: SpoolgateError | undefined;
  #connecting = false;
  #lost: (error: SpoolgateError) => void = () => undefined;
  #skipWait = new AbortController();
  #loop: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
  }

  /** The link while it is up. */
  get link(): PrinterLink<FileLine> | undefined {
    return this.#link;
  }

  get firmware(): FirmwareReport | undefined {
    return this.#firmware;
  }

  get error(): SpoolgateError | undefined {
    return this.#error;
  }

  get state(): 'offline' | 'connecting' | 'ready' {
    if (this.#link) return 'ready';
    return this.#connecting ? 'connecting' : 'offline';
  }

  /** Ends the link as if it had been lost; it is opened anew. */
  async drop(error: SpoolgateError): Promise<void> {
    const link = this.#link;
    this.#lost(error);
    await link?.close();
  }

  /** Does not wait for the backoff to pass. */
  retryNow(): void {
    this.#skipWait.abort();
  }

  protected onStart(): Promise<void> {
    return new Promise((firstTry) => {
      this.#loop = this.#keepConnected(firstTry);
    });
  }

  protected async onStop(): Promise<void> {
    this.#ended.abort();
    this.#skipWait.abort();
    this.#lost(new SpoolgateError('LINK_LOST', { detail: 'the gateway stops' }));
    await this.#link?.close();
    await this.#loop;
  }

  async #keepConnected(firstTry: () => void): Promise<void> {
    let failures = 0;
    while (!this.#ended.signal.aborted) {
      const lost = new Promise<SpoolgateError>((resolve) => {
        this.#lost = resolve;
      });
      const link = this.#makeLink();
      const connected = await this.#open(link);
      firstTry();
      if (connected) {
        failures = 0;
        const error = await lost;
        this.#disconnected(error);
      }
      await link.close();
      if (this.#ended.signal.aborted) return;
      this.#skipWait = new AbortController();
      await sleep(backoffMs(failures, reconnect), this.#skipWait.signal);
      failures += 1;
    }
  }

  async #open(link: PrinterLink<FileLine>): Promise<boolean> {
    const { profile, events } = this.#options;
    const { id: printerId, path, baudRate } = profile;
    this.#connecting = true;
    if (this.#error === undefined) events.emit('printer.connecting', { printerId, path, baudRate });
    this.#options.changed();
    const abandon = (): void => void link.close();
    this.#ended.signal.addEventListener('abort', abandon, { once: true });
    try {
      const { firmware, wasReset, tookMs } = await link.connect();
      this.#link = link;
      this.#firmware = firmware;
      this.#error = undefined;
      events.emit('printer.connected', {
        printerId,
        path,
        firmware: firmware.name,
        tookMs: Math.round(tookMs),
        wasReset,
      });
      this.#startPolling(link);
      return true;
    } catch (error) {
      const failure = error instanceof SpoolgateError ? error : new SpoolgateError('PORT_FAILED', { cause: error });
      // A printer that is off is said once, not every 30 seconds.
      if (this.#error?.code !== failure.code)
        events.emit('printer.disconnected', { printerId, reason: failure.message });
      this.#error = failure;
      return false;
    } finally {
      this.#connecting = false;
      this.#ended.signal.removeEventListener('abort', abandon);
      if (this.#link) this.#options.connected();
      this.#options.changed();
    }
  }

  #disconnected(error: SpoolgateError): void {
    clearTimeout(this.#poll);
    this.#link = undefined;
    this.#error = error;
    const reason = this.#ended.signal.aborted ? 'the gateway stops' : error.message;
    this.#options.events.emit('printer.disconnected', { printerId: this.#options.profile.id, reason });
    this.#options.lost(error);
    this.#options.changed();
  }

  #startPolling(link: PrinterLink<FileLine>): void {
    const { profile, printing } = this.#options;
    if (this.#firmware?.capabilities.has('AUTOREPORT_TEMP')) void link.send('M155 S2').catch(() => undefined);
    const poll = (): void => {
      if (!link.waitsFor('M105')) void link.send('M105').catch(() => undefined);
      this.#poll = setTimeout(poll, printing() ? profile.printPollMs : profile.idlePollMs);
    };
    poll();
  }

  #makeLink(): PrinterLink<FileLine> {
    const { profile, transport, clock } = this.#options;
    const { path, baudRate, dialect, window, greetingTimes, lineTimes } = profile;
    return new PrinterLink<FileLine>({
      transport: transport({ path, baudRate }),
      dialect,
      window,
      greetingTimes,
      lineTimes,
      clock,
      listener: this.#listener(),
    });
  }

  #listener(): LinkListener<FileLine> {
    const { profile, events, acknowledged, temperatures, resendRequested, okLost, action } = this.#options;
    const printerId = profile.id;
    return {
      acknowledged,
      lost: (error) => this.#lost(error),
      notice: (notice) => {
        switch (notice.type) {
          case 'temperatures':
            return temperatures(notice.temperatures);
          case 'resend':
            resendRequested();
            return events.emit('printer.resend', { printerId, line: notice.line, reason: notice.reason });
          case 'ok-lost':
            okLost(notice.lines);
            return events.emit('printer.ok_lost', {
              printerId,
              lines: notice.lines,
              silentMs: Math.round(notice.silentMs),
            });
          case 'line-damaged':
            return events.emit('printer.line_damaged', { printerId, echo: notice.echo });
          case 'action':
            events.emit('printer.message', { printerId, text: `//action:${notice.action}` });
            return action(notice.action);
          case 'text':
            // The rest are answers to commands: positions, settings, capabilities.
            if (notice.isError || /^(?:echo:|\/\/|Unknown)/.test(notice.text)) {
              events.emit('printer.message', { printerId, text: notice.text });
            }
            return undefined;
          case 'busy':
            return undefined;
          default:
            return notice satisfies never;
        }
      },
      ...(events.listensToTraffic
        ? { traffic: (direction, line) => events.emit('printer.traffic', { printerId, direction, line }) }
        : {}),
    };
  }
}
