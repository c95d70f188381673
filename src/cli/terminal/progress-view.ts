import { type Colours, visibleWidth } from './colour.js';

/** What a progress view shows. */
export interface Progress {
  /** 0 to 100. */
  readonly percent: number;
  /** `heating`, `printing`; a change of it is told where there is no terminal. */
  readonly phase: string;
  /** The rest in words, the most important first: those at the end give way on a narrow terminal. */
  readonly parts: readonly string[];
}

interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const barWidth = { least: 10, most: 24 };
const drawEveryMs = 100;
/** Where there is no terminal a line is written this often, %. */
const stepPercent = 10;

const escape = String.fromCharCode(27);
const hideCursor = `${escape}[?25l`;
const showCursor = `${escape}[?25h`;
const clearToEnd = `${escape}[K`;

/** Shows how far something is: one line that is drawn anew on a terminal, a log of lines elsewhere. */
export class ProgressView {
  readonly #stream: ProgressStream;
  readonly #colours: Colours;
  readonly #isTerminal: boolean;
  readonly #onExit = (): void => this.end();
  #progress: Progress | undefined;
  #drawn = '';
  #timer: NodeJS.Timeout | undefined;
  /** Of the terminal, and of the bar: it only gets shorter, or it would jump with each digit beside it. */
  #columns = 0;
  #barColumns = 0;
  #toldStep = -1;
  #toldPhase = '';
  #isOver = false;

  constructor(stream: ProgressStream, colours: Colours) {
    this.#stream = stream;
    this.#colours = colours;
    this.#isTerminal = stream.isTTY === true;
  }

  show(progress: Progress): void {
    if (this.#isOver) return;
    const isFirst = this.#progress === undefined;
    this.#progress = progress;
    if (!this.#isTerminal) this.#tell(progress);
    else if (isFirst) this.#begin();
  }

  /** A line that stays, above the one that moves. */
  note(text: string): void {
    if (this.#drawn === '') this.#stream.write(`${text}\n`);
    else this.#stream.write(`\r${text}${clearToEnd}\n${this.#drawn}`);
  }

  /** Takes the line away and gives the cursor back; harmless twice. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    process.off('exit', this.#onExit);
    if (this.#drawn !== '') this.#stream.write(`\r${clearToEnd}${showCursor}`);
    this.#drawn = '';
  }

  #begin(): void {
    process.once('exit', this.#onExit);
    this.#stream.write(hideCursor);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), drawEveryMs);
    this.#timer.unref();
  }

  #draw(): void {
    const line = this.#line();
    if (line === this.#drawn) return;
    this.#drawn = line;
    this.#stream.write(`\r${line}${clearToEnd}`);
  }

  #line(): string {
    const { percent, parts } = this.#progress ?? { percent: 0, parts: [] };
    // The last column stays free: some terminals wrap when it is written. A terminal that does not know its width says 0.
    const room = (this.#stream.columns || 80) - 1;
    const texts = parts.filter((part) => part !== '');
    const head = ` ${String(Math.floor(percent)).padStart(3)} %`;
    const width = (): number => texts.reduce((sum, text) => sum + 2 + visibleWidth(text), head.length);
    while (texts.length > 0 && width() + barWidth.least > room) texts.pop();
    if (this.#columns !== room) this.#barColumns = barWidth.most;
    this.#columns = room;
    this.#barColumns = Math.max(0, Math.min(this.#barColumns, room - width()));
    const filled = Math.round((this.#barColumns * Math.min(100, percent)) / 100);
    const { cyan, dim } = this.#colours;
    const bar = cyan('█'.repeat(filled)) + dim('░'.repeat(this.#barColumns - filled));
    return [`${bar}${head}`, ...texts].join('  ');
  }

  #tell({ percent, phase, parts }: Progress): void {
    const step = Math.floor(percent / stepPercent);
    if (phase === this.#toldPhase && step === this.#toldStep) return;
    this.#toldPhase = phase;
    this.#toldStep = step;
    const words = [phase, `${Math.floor(percent)} %`, ...parts.filter((part) => part !== '' && part !== phase)];
    this.#stream.write(`${words.join('  ')}\n`);
  }
}
