import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { Dialect } from '../protocol/dialect.js';
import type { FirmwareReport } from '../protocol/firmware-report.js';
import { Greeting, type GreetingTimes } from '../protocol/greeting.js';
import type { WindowLimits } from '../protocol/in-flight.js';
import type { FeedLine, LineFeed } from '../protocol/line-feed.js';
import { LineMachine } from '../protocol/line-machine.js';
import type { LineTimes } from '../protocol/line-times.js';
import type { Notice } from '../protocol/notice.js';
import type { Transport } from '../transport/transport.js';
import type { Clock } from './clock.js';
import { DeadlineTimer } from './deadline-timer.js';
import { type HostCommand, HostCommands } from './host-command.js';

/** Who hears what happens on a link. `Tag` is what the attached feed puts on its lines. */
export interface LinkListener<Tag> {
  acknowledged(tag: Tag): void;
  notice(notice: Exclude<Notice<Tag>, { type: 'acknowledged' | 'fault' }>): void;
  /** The link cannot go on; called once. Nothing is sent any more but by `farewell`. */
  lost(error: SpoolgateError): void;
  /** Every line over the wire, when somebody listens. */
  traffic?: (direction: 'sent' | 'received', line: string) => void;
}

export interface PrinterLinkOptions<Tag> {
  readonly transport: Transport;
  readonly dialect: Dialect;
  readonly window: WindowLimits;
  readonly greetingTimes: GreetingTimes;
  readonly lineTimes: LineTimes;
  readonly clock: Clock;
  readonly listener: LinkListener<Tag>;
  /** Line numbers begin again after so many; 1,000,000 by default. */
  readonly renumberAfter?: number;
}

/**
 * Longer numbers leave less room for the command in the firmware's line buffer, and an 8-bit Marlin counts in 32 bits. A print of some
 * days comes so far.
 */
const renumberAfter = 1_000_000;

export interface Welcome {
  readonly firmware: FirmwareReport;
  /** Whether the board restarted when the port was opened. */
  readonly wasReset: boolean;
  readonly tookMs: number;
}

const isHost = (tag: unknown): tag is HostCommand => (tag as HostCommand | undefined)?.kind === 'host';

/** Lines of an answer beyond this many are forgotten. */
const answerLimit = 400;

/**
 * One connection to one printer, from opening the port to its end: the transport's lines go into the protocol, its output to the
 * transport, its deadlines to a timer. Never reconnects; the printer makes a new link for that.
 */
export class PrinterLink<Tag extends object> {
  readonly #options: PrinterLinkOptions<Tag>;
  readonly #host = new HostCommands();
  readonly #timer: DeadlineTimer;
  #feed: LineFeed<Tag> | undefined;
  #greeting: Greeting | undefined;
  #machine: LineMachine<Tag | HostCommand> | undefined;
  #answer: string[] = [];
  #over: SpoolgateError | undefined;
  #closed = false;
  #welcome: ((welcome: Welcome | SpoolgateError) => void) | undefined;
  #welcomed = false;
  #pumping = false;
  /** Lines that were sent once more by machines of this link that are no more. */
  #resentBefore = 0;

  constructor(options: PrinterLinkOptions<Tag>) {
    this.#options = options;
    this.#timer = new DeadlineTimer(options.clock, () => this.wake());
  }

  get isIdle(): boolean {
    return this.#machine?.isIdle ?? this.#greeting === undefined;
  }

  get bytesInFlight(): number {
    return this.#machine?.bytesInFlight ?? 0;
  }

  get linesResent(): number {
    return this.#resentBefore + (this.#machine?.linesResent ?? 0);
  }

  /** Opens the port and greets the firmware. Rejects with the transport's errors, NO_BANNER, or what halted the printer. */
  async connect(): Promise<Welcome> {
    const { transport, dialect, greetingTimes, clock } = this.#options;
    const beganMs = clock();
    const waiting: string[] = [];
    await transport.open({
      lines: (lines) => (this.#greeting || this.#machine ? this.#received(lines) : waiting.push(...lines)),
      lost: (error) => this.#lose(error),
    });
    if (this.#over) throw this.#over;
    const answer = await new Promise<Welcome | SpoolgateError>((resolve) => {
      this.#welcome = resolve;
      this.#greeting = new Greeting(dialect, greetingTimes, beganMs);
      this.#received(waiting);
    });
    if (answer instanceof SpoolgateError) {
      await this.close();
      throw answer;
    }
    return answer;
  }

  /** Sends a command of the host's own, before the lines of the feed. Resolves with what the firmware said to it. */
  send(command: string): Promise<readonly string[]> {
    if (this.#over) return Promise.reject(this.#over);
    const sent = this.#host.add(command);
    this.wake();
    return sent;
  }

  /** Whether this command of the host's waits for its acknowledgement. */
  waitsFor(command: string): boolean {
    return this.#host.has(command);
  }

  /** Sends a command at once, past the window and unnumbered: M108, M112, M410. */
  sendBare(command: string): void {
    if (this.#machine) this.#machine.sendBare(command);
    else if (this.#welcomed) this.farewell([command]);
    this.wake();
  }

  /** Lines are taken from `feed` until it is detached; the link asks for them when it can send. */
  attach(feed: LineFeed<Tag> | undefined): void {
    this.#feed = feed;
    this.wake();
  }

  /** There is something to send, or a deadline has passed. */
  wake(): void {
    if (this.#pumping) return;
    const now = this.#options.clock();
    this.#greeting?.advance(now);
    this.#machine?.advance(now);
    this.#pump();
  }

  /** Last words to a firmware whose link has failed, where the transport still carries: unnumbered, unanswered. */
  farewell(commands: readonly string[]): void {
    if (!this.#closed) this.#write(commands.map((command) => `${command}\n`).join(''));
  }

  /** Ends the link; commands that wait for their acknowledgement are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.stop();
    this.#over ??= new SpoolgateError('LINK_LOST', { detail: 'the connection was closed' });
    this.#greeting = undefined;
    this.#host.fail(this.#over);
    this.#welcome?.(this.#over);
    await this.#options.transport.close();
  }

  #received(lines: readonly string[]): void {
    const { traffic } = this.#options.listener;
    if (traffic) for (const line of lines) traffic('received', line);
    const now = this.#options.clock();
    if (this.#greeting) this.#greeting.receive(lines, now);
    else this.#machine?.receive(lines, now);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      if (this.#greeting) this.#pumpGreeting(this.#greeting);
      if (this.#machine) this.#pumpMachine(this.#machine);
    } finally {
      this.#pumping = false;
    }
  }

  #pumpGreeting(greeting: Greeting): void {
    this.#write(greeting.takeOutput());
    const outcome = greeting.outcome;
    this.#timer.set(greeting.nextDeadlineMs());
    if (!outcome) return;
    this.#greeting = undefined;
    if (outcome.type === 'failed') {
      const code = this.#welcomed && outcome.code === 'NO_BANNER' ? 'LINK_SILENT' : outcome.code;
      const error = new SpoolgateError(code, { detail: `${this.#options.transport.description}: ${outcome.detail}` });
      if (this.#welcomed) this.#lose(error);
      else this.#welcome?.(error);
      return;
    }
    if (this.#welcomed && outcome.wasReset) {
      this.#lose(new SpoolgateError('PRINTER_RESET', { detail: 'the firmware said `start`' }));
      return;
    }
    this.#welcomed = true;
    const { dialect, window, lineTimes, clock } = this.#options;
    const nowMs = clock();
    this.#machine = new LineMachine<Tag | HostCommand>({
      dialect,
      window,
      times: lineTimes,
      feed: { peek: () => this.#peek(), take: () => this.#take() },
      lastNumber: outcome.lastNumber,
      nowMs,
    });
    this.#machine.advance(nowMs);
    this.#welcome?.({ firmware: outcome.firmware, wasReset: outcome.wasReset, tookMs: nowMs - greeting.openedMs });
  }

  #pumpMachine(machine: LineMachine<Tag | HostCommand>): void {
    for (;;) {
      this.#write(machine.takeOutput());
      const notices = machine.takeNotices();
      if (notices.length === 0) break;
      for (const notice of notices) this.#hear(notice);
      // What was heard may have given the feed something to send.
      machine.advance(this.#options.clock());
    }
    this.#timer.set(machine.nextDeadlineMs());
    if (this.#isNumberedOut(machine) && machine.isIdle && !machine.fault) this.#renumber(machine);
  }

  #isNumberedOut(machine: LineMachine<Tag | HostCommand>): boolean {
    return machine.acknowledged >= (this.#options.renumberAfter ?? renumberAfter);
  }

  /** Greets the firmware once more, with nothing in flight: its answer proves that both count from the same line again. */
  #renumber(machine: LineMachine<Tag | HostCommand>): void {
    const { dialect, greetingTimes, clock } = this.#options;
    this.#resentBefore += machine.linesResent;
    this.#machine = undefined;
    const now = clock();
    this.#greeting = new Greeting(dialect, { ...greetingTimes, bannerMs: 0 }, now);
    this.#greeting.advance(now);
    this.#pumpGreeting(this.#greeting);
  }

  #peek(): FeedLine<Tag | HostCommand> | undefined {
    // Nothing more is numbered until all is acknowledged and the numbers begin again.
    if (this.#machine && this.#isNumberedOut(this.#machine)) return undefined;
    return this.#host.peek() ?? this.#feed?.peek();
  }

  #take(): void {
    if (this.#host.peek()) this.#host.take();
    else this.#feed?.take();
  }

  #hear(notice: Notice<Tag | HostCommand>): void {
    const { listener } = this.#options;
    if (notice.type === 'acknowledged') {
      const answer = this.#answer;
      if (answer.length > 0) this.#answer = [];
      if (isHost(notice.tag)) this.#host.settle(notice.tag, answer);
      else if (notice.tag) listener.acknowledged(notice.tag);
      return;
    }
    if (notice.type === 'fault') {
      this.#lose(new SpoolgateError(notice.code, { detail: notice.text }));
      return;
    }
    if (notice.type === 'text' && this.#answer.length < answerLimit) this.#answer.push(notice.text);
    listener.notice(notice);
  }

  #write(text: string): void {
    if (text === '') return;
    this.#options.transport.write(text);
    const { traffic } = this.#options.listener;
    if (traffic) for (const line of text.split('\n')) if (line !== '') traffic('sent', line);
  }

  #lose(error: SpoolgateError): void {
    if (this.#over) return;
    this.#over = error;
    this.#timer.stop();
    this.#greeting = undefined;
    this.#host.fail(error);
    this.#welcome?.(error);
    this.#options.listener.lost(error);
  }
}
