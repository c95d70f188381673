import { type ChildProcess, spawn } from 'node:child_process';
import { errorText } from '../errors/spoolgate-error.js';
import type { ServerUser } from './server-user.js';

export interface ProgramResult {
  /** Exit code 0. */
  readonly ok: boolean;
  /** Both streams as they came, the last 64 KiB. */
  readonly output: string;
  /** Why it did not end well, in one line; empty when `ok`. */
  readonly reason: string;
}

export interface ProgramOptions {
  readonly user?: ServerUser | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const OUTPUT_LIMIT = 65_536;

/** Runs a program to its end; never rejects: that it cannot be spawned is a result too. An abort kills it. */
export const runProgram = (file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> =>
  new Promise((resolve) => {
    let output = '';
    const failed = (reason: string): void => resolve({ ok: false, output, reason });
    let child: ChildProcess;
    try {
      child = spawn(file, [...args], {
        cwd: '/',
        env: options.env ?? process.env,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: options.timeoutMs,
        killSignal: 'SIGKILL',
        ...(options.signal && { signal: options.signal }),
        ...(options.user && { uid: options.user.uid, gid: options.user.gid }),
      });
    } catch (error) {
      // Node throws at once for what it does not report as an event, such as EPERM on setuid.
      failed(errorText(error));
      return;
    }
    const collect = (chunk: string): void => {
      output = (output + chunk).slice(-OUTPUT_LIMIT);
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ ok: true, output, reason: '' });
      else failed(signal ? `ended by ${signal}` : `exit code ${String(code)}: ${lastLine(output)}`);
    });
  });

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
