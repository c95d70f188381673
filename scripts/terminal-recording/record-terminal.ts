import { spawn } from '@lydell/node-pty';
import { type Row, Screen } from './screen.js';

/** What the terminal showed from `atMs` on, until the next frame. */
export interface Frame {
  readonly atMs: number;
  readonly rows: readonly Row[];
}

export interface RecordOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  /** What a person would have typed. */
  readonly prompt: string;
  /** A frame is kept at most this often, ms. */
  readonly everyMs: number;
  /** A longer stillness is shortened to this, ms. */
  readonly stillMs: number;
}

const escape = '\u001b';
/** The beginning of an escape sequence at the end of a text. */
const unfinished = new RegExp(`${escape}(?:\\[[?\\d;]*)?$`);

/** Runs a program in a pseudo-terminal and keeps what is to be seen. Rejects when the program does not end with 0. */
export const recordTerminal = async (options: RecordOptions): Promise<readonly Frame[]> => {
  const { file, args, cwd, columns, rows, prompt, everyMs, stillMs } = options;
  const screen = new Screen(columns);
  screen.write(`${escape}[2m$${escape}[22m ${escape}[1m${prompt}${escape}[22m\r\n`);
  const frames: Frame[] = [{ atMs: 0, rows: screen.rows }];
  const terminal = spawn(file, [...args], {
    cols: columns,
    rows,
    cwd,
    env: { ...process.env, TERM: 'xterm-256color' },
  });
  const code = await new Promise<number>((resolve) => {
    let lastMs = performance.now();
    let rest = '';
    terminal.onData((text) => {
      // An escape sequence may come in two parts.
      const all = rest + text;
      const end = all.search(unfinished);
      const whole = end === -1 ? all : all.slice(0, end);
      rest = all.slice(whole.length);
      screen.write(whole);
      const nowMs = performance.now();
      const last = frames.at(-1);
      const sinceMs = nowMs - lastMs;
      if (sinceMs < everyMs && last && frames.length > 1)
        frames[frames.length - 1] = { atMs: last.atMs, rows: screen.rows };
      else {
        frames.push({ atMs: (last?.atMs ?? 0) + Math.min(sinceMs, stillMs), rows: screen.rows });
        lastMs = nowMs;
      }
    });
    terminal.onExit(({ exitCode }) => resolve(exitCode));
  });
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${textOf(frames.at(-1)?.rows ?? [])}`);
  return frames;
};

const textOf = (rows: readonly Row[]): string => rows.map((row) => row.map(({ char }) => char).join('')).join('\n');
