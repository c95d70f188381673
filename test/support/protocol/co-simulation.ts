import { marlin } from '../../../src/protocol/dialects/marlin.js';
import { Greeting, defaultGreetingTimes } from '../../../src/protocol/greeting.js';
import type { WindowLimits } from '../../../src/protocol/in-flight.js';
import { LineMachine } from '../../../src/protocol/line-machine.js';
import { defaultLineTimes } from '../../../src/protocol/line-times.js';
import type { Notice } from '../../../src/protocol/notice.js';
import type { Fault } from '../../../src/simulator/fault.js';
import { type FaultSettings, faultsFrom } from '../../../src/simulator/fault-settings.js';
import { FirmwareModel } from '../../../src/simulator/firmware-model.js';
import type { FirmwareOptions } from '../../../src/simulator/firmware-options.js';
import { type Random, randomBelow, seededRandom } from '../../../src/simulator/random.js';
import { LineFramer } from '../../../src/transport/line-framer.js';
import { damagedLine, type WireDamage } from './wire-damage.js';

export interface CoSimulationOptions {
  readonly commands: readonly string[];
  readonly seed?: number;
  readonly firmware?: Partial<FirmwareOptions>;
  readonly window?: WindowLimits;
  readonly damage?: WireDamage;
  readonly faults?: FaultSettings;
  readonly baudRate?: number;
  /** Bytes travel in pieces of 1 to this many, both ways: the loop of a slow board, a USB packet. */
  readonly pieceBytes?: number;
  /** What is sent may be this much late, ms. */
  readonly jitterMs?: number;
  /** Commands that take long for no reason that the host could know; an M105 never does. */
  readonly slow?: { readonly every: number; readonly ms: number; readonly busy: boolean } | undefined;
  /** Every nth `ok` that does not answer M105 comes twice. */
  readonly doubledOkEvery?: number;
  /** A host asks M105 this often; undefined: never. */
  readonly pollMs?: number | undefined;
}

/** The model rounds times on their way between its two clocks; a look at the very moment may come too early. */
const instant = 0.001;

interface Piece {
  text: string;
  dueMs: number;
  /** Bytes that it takes on, if they come before it has left. */
  room: number;
}

/** Bytes under way in one direction. */
class Way {
  readonly #pieces: Piece[] = [];
  #freeMs = 0;

  constructor(
    readonly random: Random,
    readonly options: { perByteMs: number; pieceBytes: number; jitterMs: number },
  ) {}

  get nextMs(): number {
    return this.#pieces[0]?.dueMs ?? Infinity;
  }

  send(text: string, nowMs: number): void {
    const { perByteMs, pieceBytes, jitterMs } = this.options;
    this.#freeMs = Math.max(this.#freeMs, nowMs + this.random() * jitterMs);
    for (let from = 0; from < text.length;) {
      let piece = this.#pieces.at(-1);
      if (!piece?.room) {
        piece = { text: '', dueMs: 0, room: 1 + randomBelow(this.random, pieceBytes) };
        this.#pieces.push(piece);
      }
      const part = text.slice(from, from + piece.room);
      from += part.length;
      this.#freeMs += part.length * perByteMs;
      piece.text += part;
      piece.room -= part.length;
      piece.dueMs = this.#freeMs;
    }
  }

  take(nowMs: number): Piece | undefined {
    return this.nextMs <= nowMs ? this.#pieces.shift() : undefined;
  }
}

const doubledOkFault = (every: number): Fault => {
  let oks = 0;
  return {
    name: 'doubled-ok',
    struck: 0,
    onReply: (reply) => {
      if (!reply.startsWith('ok') || reply.startsWith('ok T')) return reply;
      oks += 1;
      return oks % every === 0 ? reply + reply : reply;
    },
  };
};

const slowFault = ({ every, ms, busy }: NonNullable<CoSimulationOptions['slow']>): Fault => ({
  name: 'slow',
  struck: 0,
  onCommand: (ordinal, command, printer) => {
    if (ordinal % every === 0 && !command.startsWith('M105')) printer.hold(ms, busy);
  },
});

/**
 * The host's protocol and a firmware model on one wire, in time that only the two of them make pass: greeting, then the line machine,
 * until all commands are acknowledged or the link has failed.
 */
export class CoSimulation {
  readonly model: FirmwareModel;
  readonly ran: string[] = [];
  readonly notices: Notice<string>[] = [];
  readonly greeting: Greeting;
  machine: LineMachine<string> | undefined;
  nowMs = 0;
  /** Most that the machine counted as acknowledged beyond what the firmware had accepted. */
  invented = 0;
  /** Lines of the host that did not arrive as they left. */
  damaged = 0;
  /** All lines with their times; those that came to harm say how. */
  readonly trace: string[] = [];
  readonly #options: CoSimulationOptions;
  readonly #random: Random;
  readonly #toPrinter: Way;
  readonly #toHost: Way;
  readonly #framer = new LineFramer();
  #partial = '';
  #next = 0;
  #pollAtMs = Infinity;
  #pollOpen = false;

  constructor(options: CoSimulationOptions) {
    const { seed = 1, baudRate = 115_200, pieceBytes = 16, jitterMs = 0, faults = {} } = options;
    this.#options = options;
    this.#random = seededRandom(seed);
    const pace = { perByteMs: 10_000 / baudRate, pieceBytes, jitterMs };
    this.#toPrinter = new Way(this.#random, pace);
    this.#toHost = new Way(this.#random, pace);
    this.model = new FirmwareModel(options.firmware, { onRun: (command) => this.ran.push(command) });
    for (const fault of faultsFrom(faults, seed)) this.model.inject(fault);
    if (options.doubledOkEvery) this.model.inject(doubledOkFault(options.doubledOkEvery));
    if (options.slow) this.model.inject(slowFault(options.slow));
    this.greeting = new Greeting(marlin, defaultGreetingTimes, 0);
  }

  /** Every command has been acknowledged. */
  get isDone(): boolean {
    return this.machine?.isIdle === true && this.#next === this.#options.commands.length;
  }

  get fault(): string | undefined {
    const { outcome } = this.greeting;
    return outcome?.type === 'failed' ? outcome.code : this.machine?.fault;
  }

  /** Runs to the end, or for so much virtual time, ms. */
  run(limitMs = 300_000): this {
    for (let idleSteps = 0; !this.isDone && this.fault === undefined && this.nowMs < limitMs;) {
      const next = this.#nextMs();
      idleSteps = next > this.nowMs ? 0 : idleSteps + 1;
      if (idleSteps > 1000) throw new Error(`busy loop at ${this.nowMs} ms`);
      if (next === Infinity) throw new Error(`both sides wait for ever at ${this.nowMs} ms`);
      this.nowMs = Math.max(this.nowMs, next);
      this.#step();
    }
    return this;
  }

  /** Lets the firmware end what it has. */
  settle(): this {
    for (let step = 0; step < 100_000; step += 1) {
      const next = Math.min(this.#toPrinter.nextMs, this.model.idle ? Infinity : this.model.nextDueMs() + instant);
      if (next === Infinity) break;
      this.nowMs = Math.max(this.nowMs, next);
      this.#deliver();
      this.model.advance(this.nowMs);
    }
    return this;
  }

  /** What ran of the commands, without questions, and what else ran: pieces and damaged lines that came through unnumbered. */
  outcome(): { missing: string[]; extra: string[] } {
    const expected = this.#options.commands;
    const extra: string[] = [];
    let next = 0;
    for (const command of this.ran) {
      if (command === expected[next]) next += 1;
      else if (!/^M1(05|10|15)\b/.test(command)) extra.push(command);
    }
    return { missing: expected.slice(next), extra };
  }

  #nextMs(): number {
    const host = this.machine ? this.machine.nextDeadlineMs() : this.greeting.nextDeadlineMs();
    return Math.min(
      this.#toHost.nextMs,
      this.#toPrinter.nextMs,
      this.model.nextDueMs() + instant,
      host ?? Infinity,
      this.machine && this.#pollAtMs > this.nowMs ? this.#pollAtMs : Infinity,
    );
  }

  #step(): void {
    this.#deliver();
    for (const { text } of this.model.advance(this.nowMs)) this.#toHost.send(text, this.nowMs);
    for (let piece = this.#toHost.take(this.nowMs); piece; piece = this.#toHost.take(this.nowMs)) {
      const lines = this.#framer.push(Buffer.from(piece.text, 'latin1'));
      for (const line of lines) this.trace.push(`${this.nowMs.toFixed(1)} < ${line}`);
      if (lines.length > 0) this.#hear(lines);
    }
    if (this.machine) this.machine.advance(this.nowMs);
    else this.greeting.advance(this.nowMs);
    this.#collect();
  }

  #deliver(): void {
    for (let piece = this.#toPrinter.take(this.nowMs); piece; piece = this.#toPrinter.take(this.nowMs)) {
      this.model.receive(Buffer.from(piece.text, 'latin1'), this.nowMs);
    }
  }

  #hear(lines: readonly string[]): void {
    if (this.machine) this.machine.receive(lines, this.nowMs);
    else this.greeting.receive(lines, this.nowMs);
    this.#collect();
  }

  #collect(): void {
    if (!this.machine) {
      this.#send(this.greeting.takeOutput());
      const { outcome } = this.greeting;
      if (outcome?.type !== 'ready') return;
      this.#begin(outcome.lastNumber).advance(this.nowMs);
    }
    const { machine } = this;
    if (!machine) return;
    this.#send(machine.takeOutput());
    for (const notice of machine.takeNotices()) {
      this.notices.push(notice);
      if (notice.type === 'acknowledged' && notice.tag === 'poll') this.#pollOpen = false;
    }
    this.invented = Math.max(this.invented, machine.acknowledged - this.model.lastLineNumber);
  }

  #begin(lastNumber: number): LineMachine<string> {
    const { commands, window = { bytes: 127, lines: 3 }, baudRate = 115_200, pollMs } = this.#options;
    if (pollMs !== undefined) this.#pollAtMs = this.nowMs + pollMs;
    const machine = new LineMachine<string>({
      dialect: marlin,
      window,
      times: defaultLineTimes(baudRate),
      feed: {
        peek: () => {
          if (this.nowMs >= this.#pollAtMs && !this.#pollOpen) return { command: 'M105', tag: 'poll' };
          const command = commands[this.#next];
          return command === undefined ? undefined : { command, tag: command };
        },
        take: () => {
          if (this.nowMs >= this.#pollAtMs && !this.#pollOpen) {
            this.#pollOpen = true;
            this.#pollAtMs = this.nowMs + (pollMs ?? 0);
          } else this.#next += 1;
        },
      },
      lastNumber,
      nowMs: this.nowMs,
    });
    this.machine = machine;
    return machine;
  }

  /** Whole lines go on their way, damaged or not. */
  #send(text: string): void {
    if (text === '') return;
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      const { damage = {} } = this.#options;
      const arrives = this.machine ? damagedLine(`${line}\n`, damage, this.#random) : `${line}\n`;
      const note = arrives === `${line}\n` ? '' : ` arrives as ${JSON.stringify(arrives)}`;
      if (note !== '') this.damaged += 1;
      this.trace.push(`${this.nowMs.toFixed(1)} > ${line}${note}`);
      this.#toPrinter.send(arrives, this.nowMs);
    }
  }
}
