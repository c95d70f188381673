import type { Dialect } from './dialect.js';
import { type FirmwareReport, readFirmwareLine, unknownFirmware } from './firmware-report.js';
import { frame, hello } from './frame.js';

export interface GreetingTimes {
  /** How long a board that resets on opening may take to say `start`, ms (AVR bootloaders: 0.5 to 2 s). */
  readonly bannerMs: number;
  /** Quiet after `start` before the first word of ours; the banner is long, and the receive ring short. */
  readonly settleMs: number;
  /** Without an answer the greeting is said again after this long, ms. */
  readonly againMs: number;
  /** Give up after this long, ms. */
  readonly limitMs: number;
}

export const defaultGreetingTimes: GreetingTimes = { bannerMs: 2500, settleMs: 60, againMs: 2000, limitMs: 20_000 };

export type GreetingOutcome =
  | {
      readonly type: 'ready';
      readonly firmware: FirmwareReport;
      readonly wasReset: boolean;
      readonly lastNumber: number;
    }
  | {
      readonly type: 'failed';
      readonly code: 'NO_BANNER' | 'PRINTER_HALTED' | 'THERMAL_FAULT';
      readonly detail: string;
    };

type Phase = 'listening' | 'greeted' | 'asked' | 'done';

/** The number of the line that asks M115. */
const askNumber = 1;

/**
 * The first words with a firmware, from the opened port to a line counter that both sides agree on: waits for `start` (or, from a board
 * that did not reset, for nothing), sets the counter with M110, asks M115. Pure, like the line machine.
 */
export class Greeting {
  readonly #dialect: Dialect;
  readonly #times: GreetingTimes;
  readonly #openedMs: number;
  #phase: Phase = 'listening';
  #deadlineMs: number;
  #wasReset = false;
  #firmware = unknownFirmware;
  #heard = 0;
  #garbled = 0;
  #answered = false;
  #output = '';
  #outcome: GreetingOutcome | undefined;

  constructor(dialect: Dialect, times: GreetingTimes, nowMs: number) {
    this.#dialect = dialect;
    this.#times = times;
    this.#openedMs = nowMs;
    this.#deadlineMs = nowMs + times.bannerMs;
  }

  get openedMs(): number {
    return this.#openedMs;
  }

  get outcome(): GreetingOutcome | undefined {
    return this.#outcome;
  }

  nextDeadlineMs(): number | undefined {
    return this.#outcome ? undefined : Math.min(this.#deadlineMs, this.#openedMs + this.#times.limitMs);
  }

  takeOutput(): string {
    const output = this.#output;
    this.#output = '';
    return output;
  }

  receive(lines: readonly string[], nowMs: number): void {
    for (const line of lines) {
      if (this.#outcome) return;
      this.#take(line, nowMs);
    }
  }

  advance(nowMs: number): void {
    if (this.#outcome) return;
    if (nowMs >= this.#openedMs + this.#times.limitMs) {
      this.#outcome = { type: 'failed', code: 'NO_BANNER', detail: this.#silenceDetail() };
      return;
    }
    if (nowMs < this.#deadlineMs) return;
    // It answers, but M115 tells it nothing: an old firmware.
    if (this.#phase === 'asked' && this.#answered) this.#ready();
    else this.#greet(nowMs);
  }

  #silenceDetail(): string {
    if (this.#heard === 0) return 'nothing was received';
    if (this.#garbled * 2 > this.#heard) return 'only unreadable bytes were received, as from a wrong baud rate';
    return `${this.#heard} lines were received, but no answer to M110`;
  }

  #greet(nowMs: number): void {
    this.#phase = 'greeted';
    this.#answered = false;
    this.#output += hello;
    this.#deadlineMs = nowMs + this.#times.againMs;
  }

  #take(line: string, nowMs: number): void {
    this.#heard += 1;
    if (/[^\t\x20-\x7e]/.test(line)) this.#garbled += 1;
    const reply = this.#dialect.classify(line);
    if (reply.kind === 'start') {
      this.#wasReset = true;
      this.#phase = 'listening';
      this.#deadlineMs = nowMs + this.#times.settleMs;
    } else if (reply.kind === 'fatal') {
      this.#outcome = { type: 'failed', code: reply.thermal ? 'THERMAL_FAULT' : 'PRINTER_HALTED', detail: reply.text };
    } else if (reply.kind === 'resend' && this.#phase === 'asked') {
      this.#greet(nowMs);
    } else if (reply.kind === 'busy') {
      this.#deadlineMs = Math.max(this.#deadlineMs, nowMs + this.#times.againMs);
    } else if (reply.kind === 'ok') {
      this.#acknowledged(nowMs);
    } else if (this.#phase === 'listening' && this.#wasReset) {
      // The banner goes on.
      this.#deadlineMs = nowMs + this.#times.settleMs;
    }
    if (this.#phase === 'asked') this.#firmware = readFirmwareLine(this.#firmware, line);
  }

  #acknowledged(nowMs: number): void {
    if (this.#phase === 'greeted') {
      this.#phase = 'asked';
      this.#output += frame(askNumber, 'M115');
      this.#deadlineMs = nowMs + this.#times.againMs;
      return;
    }
    // An ok without a word of M115 before it belongs to something older: the answer is still to come.
    if (this.#phase !== 'asked') return;
    this.#answered = true;
    if (this.#firmware.name !== '') this.#ready();
  }

  #ready(): void {
    this.#phase = 'done';
    this.#outcome = { type: 'ready', firmware: this.#firmware, wasReset: this.#wasReset, lastNumber: askNumber };
  }
}
