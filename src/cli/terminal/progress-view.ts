import { Presets, SingleBar } from 'cli-progress';
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

interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const barColumns = { least: 10, most: 30 };
/** Where there is no terminal a line is written this often, %. */
const stepPercent = 10;

/** Shows how far something is: one line that is drawn anew on a terminal, a log of lines elsewhere. */
export class ProgressView {
  readonly #stream: ProgressStream;
  readonly #colours: Colours;
  readonly #bar: SingleBar | undefined;
  readonly #onExit = (): void => this.#bar?.stop();
  #progress: Progress = { percent: 0, phase: '', parts: [] };
  #toldStep = -1;
  #toldPhase = '';
  #isOver = false;

  constructor(stream: ProgressStream, colours: Colours) {
    this.#stream = stream;
    this.#colours = colours;
    if (stream.isTTY === true) this.#bar = this.#startBar(stream);
  }

  show(progress: Progress): void {
    if (this.#isOver) return;
    this.#progress = progress;
    if (this.#bar) this.#bar.update(progress.percent);
    else this.#tell();
  }

  /** A line that stays, above the one that moves. */
  note(text: string): void {
    const clear = this.#bar && !this.#isOver ? '\r\u001b[K' : '';
    this.#stream.write(`${clear}${text}\n`);
    if (!this.#isOver) this.#bar?.update(this.#progress.percent);
  }

  /** Shows no more, and gives the cursor back; harmless twice. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#bar?.stop();
    process.off('exit', this.#onExit);
  }

  #startBar(stream: ProgressStream): SingleBar {
    const bar = new SingleBar(
      {
        stream,
        fps: 10,
        hideCursor: true,
        linewrap: false,
        // Interrupts are the command's.
        gracefulExit: false,
        forceRedraw: true,
        clearOnComplete: true,
        format: () => this.#line(),
      },
      Presets.shades_grey,
    );
    bar.start(100, 0);
    process.once('exit', this.#onExit);
    return bar;
  }

  #line(): string {
    const { percent, parts } = this.#progress;
    // The last column stays free: some terminals wrap when it is written.
    const room = (this.#stream.columns ?? 80) - 1;
    const texts = parts.filter((part) => part !== '');
    const head = `${String(Math.floor(percent)).padStart(3)} %`;
    const width = (): number => texts.reduce((sum, text) => sum + 2 + visibleWidth(text), visibleWidth(head) + 1);
    while (texts.length > 0 && width() + barColumns.least > room) texts.pop();
    const columns = Math.max(0, Math.min(barColumns.most, room - width()));
    const filled = Math.round((columns * Math.min(100, percent)) / 100);
    const { cyan, dim } = this.#colours;
    return [`${cyan('█'.repeat(filled))}${dim('░'.repeat(columns - filled))} ${head}`, ...texts].join('  ');
  }

  #tell(): void {
    const { percent, phase, parts } = this.#progress;
    const step = Math.floor(percent / stepPercent);
    if (phase === this.#toldPhase && step === this.#toldStep) return;
    this.#toldPhase = phase;
    this.#toldStep = step;
    const words = [phase, `${Math.floor(percent)} %`, ...parts.filter((part) => part !== '' && part !== phase)];
    this.#stream.write(`${words.join('  ')}\n`);
  }
}
