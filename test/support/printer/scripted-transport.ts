import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import type { Transport, TransportListener } from '../../../src/transport/transport.js';

/** What the firmware says to a command; undefined: nothing yet (`say` it later). */
export type Script = (command: string, transport: ScriptedTransport) => readonly string[] | undefined;

const report = [
  'FIRMWARE_NAME:Marlin scripted MACHINE_TYPE:Bench EXTRUDER_COUNT:1 UUID:1',
  'Cap:AUTOREPORT_TEMP:1',
  'ok',
];

/** What an untroubled Marlin says. */
export const marlinSays = (command: string): readonly string[] => {
  if (command === 'M115') return report;
  return command.startsWith('M105') ? ['ok T:25.0 /0.0 B:25.0 /0.0 @:0 B@:0'] : ['ok'];
};

/** A transport to a firmware that a test plays. Takes any number; says what the script returns, in the next turn of the event loop. */
export class ScriptedTransport implements Transport {
  readonly description = 'a scripted port';
  /** Commands as they came, without number and checksum. */
  readonly commands: string[] = [];
  /** Lines as they came. */
  readonly lines: string[] = [];
  isOpen = false;
  #listener: TransportListener | undefined;
  readonly #watchers = new Set<() => void>();
  readonly #options: { script?: Script; open?: () => SpoolgateError | undefined; greets?: boolean };

  constructor(options: { script?: Script; open?: () => SpoolgateError | undefined; greets?: boolean } = {}) {
    this.#options = options;
  }

  open(listener: TransportListener): Promise<void> {
    const refusal = this.#options.open?.();
    if (refusal) return Promise.reject(refusal);
    this.isOpen = true;
    this.#listener = listener;
    if (this.#options.greets !== false) this.say('start');
    return Promise.resolve();
  }

  write(text: string): void {
    if (!this.isOpen) return;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const command = line.replace(/^N\d+ /, '').replace(/\*\d+$/, '');
      this.lines.push(line);
      this.commands.push(command);
      const reply = (this.#options.script ?? marlinSays)(command, this);
      if (reply) this.say(...reply);
    }
    for (const look of this.#watchers) look();
  }

  close(): Promise<void> {
    this.isOpen = false;
    return Promise.resolve();
  }

  say(...lines: string[]): void {
    setImmediate(() => {
      if (this.isOpen) this.#listener?.lines(lines);
    });
  }

  lose(error = new SpoolgateError('LINK_LOST', { detail: 'the cable was pulled' })): void {
    setImmediate(() => {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.#listener?.lost(error);
    });
  }

  /** Resolves when a command like this has come. */
  until(pattern: RegExp): Promise<void> {
    return this.#when(() => this.commands.some((command) => pattern.test(command)));
  }

  /** Resolves when so many lines like this have come, number and checksum included. */
  untilLines(pattern: RegExp, count: number): Promise<void> {
    return this.#when(() => this.lines.filter((line) => pattern.test(line)).length >= count);
  }

  #when(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!reached()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }
}
