import type { Dialect } from './dialect.js';
import { frame } from './frame.js';
import { InFlight, type WindowLimits, firstWord } from './in-flight.js';
import type { LineFeed } from './line-feed.js';
import type { LineTimes } from './line-times.js';
import type { LinkFault, Notice } from './notice.js';
import { Recovery } from './recovery.js';
import type { Reply } from './reply.js';
import { ResendJudge, type ResendVerdict } from './resend-judge.js';
import type { SentLine } from './sent-lines.js';
import { SilenceWatch } from './silence-watch.js';
import { StrayOks } from './stray-oks.js';

export interface LineMachineOptions<Tag> {
  readonly dialect: Dialect;
  readonly window: WindowLimits;
  readonly times: LineTimes;
  readonly feed: LineFeed<Tag>;
  /** Number of the last line that the firmware has taken. */
  readonly lastNumber: number;
  readonly nowMs: number;
}

/** The only command whose answer stands in its `ok`. */
const temperatureQuery = /^M105(?!\d)/;

/**
 * Streams lines to one firmware: each exactly once and in order, as many in flight as the window allows. Pure: given received lines and
 * the time, it says what to write (`takeOutput`) and what happened (`takeNotices`).
 *
 * Acknowledged lines are counted, not guessed: an `ok` takes the oldest line in flight. When an `ok` is lost the count stays behind
 * until there is proof: the answer to a numbered M105, which no other line can give, acknowledges all lines up to it. A doubled `ok` is
 * put right by the same answer, or as soon as nothing is in flight.
 */
export class LineMachine<Tag> {
  readonly #dialect: Dialect;
  readonly #feed: LineFeed<Tag>;
  readonly #flight: InFlight<Tag>;
  readonly #recovery: Recovery;
  readonly #silence: SilenceWatch;
  /** Acknowledgements up to here have been told. */
  #told: number;
  readonly #stray = new StrayOks();
  readonly #resends = new ResendJudge();
  /** It has answered M105 with temperatures in its ok, as Marlin does unless it has no sensor at all. */
  #answersQuestions = false;
  #linesResent = 0;
  #lineError: { text: string; lastLine: number | undefined } | undefined;
  #output = '';
  #notices: Notice<Tag>[] = [];
  #fault: LinkFault | undefined;

  constructor(options: LineMachineOptions<Tag>) {
    this.#dialect = options.dialect;
    this.#feed = options.feed;
    this.#flight = new InFlight(options.window, options.lastNumber);
    this.#recovery = new Recovery(options.times);
    this.#silence = new SilenceWatch(options.times, options.nowMs);
    this.#told = options.lastNumber;
  }

  /** Whether every line that was given a number has been acknowledged. */
  get isIdle(): boolean {
    return this.#flight.acknowledged === this.#flight.lastNumbered;
  }

  get bytesInFlight(): number {
    return this.#flight.bytes;
  }

  get linesInFlight(): number {
    return this.#flight.lines;
  }

  /** Number of the last line that was acknowledged. */
  get acknowledged(): number {
    return this.#flight.acknowledged;
  }

  /** Lines that were sent once more so far. */
  get linesResent(): number {
    return this.#linesResent;
  }

  get fault(): LinkFault | undefined {
    return this.#fault;
  }

  /** What is to be written now; empty when there is nothing. */
  takeOutput(): string {
    const output = this.#output;
    this.#output = '';
    return output;
  }

  takeNotices(): readonly Notice<Tag>[] {
    if (this.#notices.length === 0) return this.#notices;
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  /**
   * A command that must act at once: unnumbered, past the window, as M108, M112 and M410 need it (printer-protocol §4). The line end
   * before it, which no firmware answers, ends whatever noise may stand in the firmware's line buffer.
   */
  sendBare(command: string): void {
    if (this.#fault) return;
    this.#output += `\n${command}\n`;
    this.#stray.expectBare(this.#flight.lastSent);
  }

  /** When `advance` must be called next, in the clock of `nowMs`; undefined when only a received line can change anything. */
  nextDeadlineMs(): number | undefined {
    if (this.#fault) return undefined;
    const silence = this.#silence.nextDeadlineMs(!this.isIdle, this.#flight.holds);
    const recovery = this.#recovery.deadlineMs;
    if (recovery === undefined) return silence;
    return silence === undefined ? recovery : Math.min(recovery, silence);
  }

  /** Takes in the lines that were received, then sends what has become possible. */
  receive(lines: readonly string[], nowMs: number): void {
    for (const line of lines) {
      if (this.#fault) return;
      this.#take(this.#dialect.classify(line), nowMs);
    }
    this.advance(nowMs);
  }

  /** Sends what can be sent and looks at the deadlines. Call it when a deadline has passed and when the feed has new lines. */
  advance(nowMs: number): void {
    if (this.#fault) return;
    if (!this.isIdle) this.#watch(nowMs);
    if (this.#recovery.blocks(nowMs, this.#flight.acknowledged)) return;
    const recovering = this.#recovery.from;
    this.#recovery.end();
    this.#send(nowMs);
    // The oks before the gap never came, and their lines still fill the window.
    if (recovering !== undefined && this.#flight.lastSent < recovering) this.#ask(nowMs);
  }

  #send(nowMs: number): void {
    while (!this.#fault) {
      const line = this.#flight.lastSent < this.#flight.lastNumbered ? this.#numberedAgain() : this.#fromFeed();
      if (!line) return;
      this.#write(line, nowMs);
    }
  }

  #numberedAgain(): SentLine<Tag> | undefined {
    const line = this.#flight.get(this.#flight.lastSent + 1);
    if (!line) this.#fail('RESEND_IMPOSSIBLE', `line ${this.#flight.lastSent + 1}`);
    if (!line || !this.#flight.fits(line.framed.length)) return undefined;
    this.#linesResent += 1;
    return line;
  }

  #fromFeed(): SentLine<Tag> | undefined {
    const next = this.#feed.peek();
    if (!next) return undefined;
    const framed = frame(this.#flight.lastNumbered + 1, next.command);
    if (!this.#flight.fits(framed.length)) return undefined;
    this.#feed.take();
    return this.#number(next.command, framed, next.tag);
  }

  #number(command: string, framed: string, tag: Tag | undefined): SentLine<Tag> {
    const line = {
      number: this.#flight.lastNumbered + 1,
      command,
      framed,
      tag,
      isProbe: temperatureQuery.test(command),
      holds: this.#dialect.holdsAcknowledgement(command),
    };
    this.#flight.number(line);
    return line;
  }

  #write(line: SentLine<Tag>, nowMs: number): void {
    if (this.#flight.lines === 0) this.#silence.began(nowMs);
    this.#flight.enter(line);
    this.#output += line.framed;
  }

  #take(reply: Reply, nowMs: number): void {
    this.#silence.heard(nowMs);
    switch (reply.kind) {
      case 'ok':
        if (reply.temperatures) this.#notices.push({ type: 'temperatures', temperatures: reply.temperatures });
        this.#ok(reply, nowMs);
        return;
      case 'resend':
        this.#resend(reply.line, nowMs);
        return;
      case 'line-error':
        this.#lineError = { text: reply.text, lastLine: reply.lastLine };
        this.#stray.expect();
        return;
      case 'busy':
        this.#silence.busy(nowMs);
        if (reply.temperatures) this.#notices.push({ type: 'temperatures', temperatures: reply.temperatures });
        this.#notices.push({ type: 'busy', forUser: reply.forUser });
        return;
      case 'wait':
        this.#silence.firmwareIsIdle(nowMs);
        return;
      case 'start':
        return this.#fail('PRINTER_RESET', 'the firmware said `start`');
      case 'temperatures':
        this.#notices.push({ type: 'temperatures', temperatures: reply.temperatures });
        return;
      case 'fatal':
        return this.#fail(reply.thermal ? 'THERMAL_FAULT' : 'PRINTER_HALTED', reply.text);
      case 'unknown-command':
        this.#unknown(reply.echo);
        return;
      case 'action':
        this.#notices.push({ type: 'action', action: reply.action });
        return;
      case 'text':
        this.#notices.push({ type: 'text', text: reply.text, isError: reply.isError });
        return;
      default:
        reply satisfies never;
    }
  }

  #ok(reply: Extract<Reply, { kind: 'ok' }>, nowMs: number): void {
    const { acknowledged, lastSent } = this.#flight;
    const error = this.#lineError;
    this.#lineError = undefined;
    if (reply.temperatures) {
      this.#answersQuestions = true;
      const probe = this.#flight.oldestProbe();
      if (probe !== undefined) this.#reach(probe, nowMs);
    } else if (reply.line !== undefined) {
      this.#stray.named();
      if (reply.line > acknowledged && reply.line <= lastSent) this.#reach(reply.line, nowMs);
    } else if (!this.#stray.takes(acknowledged)) {
      // A bare ok is no answer to a question: it is one too many, and the count does not pass the question.
      const isQuestion = this.#answersQuestions && this.#flight.get(acknowledged + 1)?.isProbe === true;
      if (acknowledged < lastSent && !isQuestion) this.#settle();
    } else if (error?.lastLine !== undefined) {
      // The request itself was lost between the error and its ok.
      this.#lineError = error;
      this.#resend(error.lastLine + 1, nowMs);
      return;
    }
    this.#silence.progressed(nowMs);
    if (this.#recovery.active) this.#recovery.heard(nowMs);
  }

  /** Acknowledges up to `number`; those before it lost their own ok. */
  #reach(number: number, nowMs: number): void {
    const missed = number - this.#flight.acknowledged - 1;
    if (missed > 0) this.#notices.push({ type: 'ok-lost', lines: missed, silentMs: this.#silence.quietMs(nowMs) });
    while (this.#flight.acknowledged < number) this.#settle();
  }

  #settle(): void {
    const line = this.#flight.leave();
    if (!line || line.number <= this.#told) return;
    this.#told = line.number;
    this.#resends.progressed();
    this.#notices.push({ type: 'acknowledged', number: line.number, tag: line.tag });
  }

  #resend(number: number, nowMs: number): void {
    this.#stray.expect();
    const error = this.#lineError;
    this.#lineError = undefined;
    if (this.#recovery.from === number) {
      this.#recovery.heard(nowMs);
      this.#silence.progressed(nowMs);
      this.#follow(this.#resends.absorb(number));
      return;
    }
    // The firmware has everything already: a line that it knew came again. It may have flushed what came behind.
    if (number === this.#flight.lastNumbered + 1) {
      this.#flight.rewindTo(number);
      return;
    }
    const verdict = this.#resends.judge(number, error?.lastLine, this.#flight);
    const again = this.#resends.requests;
    this.#notices.push({ type: 'resend', line: number, again, reason: error?.text ?? '' });
    if (!this.#follow(verdict)) return;
    this.#recovery.begin(number, this.#flight.bytes, nowMs);
    this.#flight.rewindTo(number);
    this.#flight.shrink();
    this.#silence.progressed(nowMs);
  }

  #follow(verdict: ResendVerdict): boolean {
    if (typeof verdict === 'object') this.#fail(verdict.code, verdict.text);
    return verdict === 'follow';
  }

  #unknown(echo: string): void {
    if (this.#flight.hasWord(firstWord(echo))) {
      this.#notices.push({ type: 'text', text: `Unknown command: "${echo}"`, isError: false });
    } else {
      this.#stray.expect();
      this.#notices.push({ type: 'line-damaged', echo });
    }
  }

  #watch(nowMs: number): void {
    const verdict = this.#silence.look(nowMs, this.#flight.holds);
    if (verdict === 'silent') {
      return this.#fail('LINK_SILENT', `nothing heard for ${Math.round(this.#silence.unheardMs(nowMs) / 1000)} s`);
    }
    if (verdict !== 'ask') return;
    if (this.#recovery.active) return this.#silence.asked();
    // A question is answered at once when its turn comes: these answers were lost. Should the questions themselves have been, the
    // firmware refuses the next line and says so.
    if (this.#flight.lines > 0 && this.#flight.onlyQuestions) return this.#reach(this.#flight.lastSent, nowMs);
    this.#ask(nowMs);
    this.#silence.asked();
  }

  /** Sends one line past the window, whose answer tells what the firmware has: the next one to be sent again, or a question. */
  #ask(nowMs: number): void {
    const { lastSent, lastNumbered } = this.#flight;
    const again = lastSent < lastNumbered ? this.#flight.get(lastSent + 1) : undefined;
    const framed = again?.framed ?? frame(lastNumbered + 1, 'M105');
    if (!this.#flight.fitsQuestion(framed.length, this.#silence.questions)) return;
    if (again) this.#linesResent += 1;
    this.#write(again ?? this.#number('M105', framed, undefined), nowMs);
  }

  #fail(code: LinkFault, text: string): void {
    this.#fault = code;
    this.#notices.push({ type: 'fault', code, text });
  }
}
