import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import type { JobContext } from '../../../src/executors/functions/job-function.js';

const forever = (): never => {
  for (;;);
};

/** Where it ran, and what it was given. */
export const look = (kwargs: unknown, { meta, id, queue, attempt, maxAttempts }: JobContext): void => {
  meta['seen'] = { kwargs, id, queue, attempt, maxAttempts, threadId, pid: process.pid, env: process.env['SEEN'] };
};

export const spin = (_kwargs: unknown, { progress }: JobContext): never => {
  progress(0.5, 'spinning');
  return forever();
};

/** Spins, once it has told its process. */
export const spinAside = (_kwargs: unknown, { meta, progress }: JobContext): never => {
  meta['pid'] = process.pid;
  progress(0);
  return forever();
};

/** Computes without ever waiting, and says how far it is. */
export const compute = ({ ms }: { ms: number }, { progress }: JobContext): void => {
  const began = performance.now();
  for (let spent = 0; spent < ms; spent = performance.now() - began) progress(spent / ms);
};

export const heedful = async (_kwargs: unknown, { signal, progress, meta }: JobContext): Promise<void> => {
  progress(0);
  await once(signal, 'abort');
  meta['heard'] = (signal.reason as { code: string }).code;
  await delay(5);
  signal.throwIfAborted();
};

export const returnsOnAbort = async (_kwargs: unknown, { signal, progress }: JobContext): Promise<void> => {
  progress(0);
  await once(signal, 'abort');
};

export const heedless = (_kwargs: unknown, { progress }: JobContext): Promise<never> => {
  progress(0);
  return new Promise(() => setInterval(() => undefined, 1000));
};

export const exits = ({ code }: { code: number }): never => process.exit(code);

export const throwsLater = async (): Promise<void> => {
  setTimeout(() => {
    throw new Error('nobody catches this');
  }, 1);
  await delay(60_000);
};

export const rejectsAside = async (): Promise<void> => {
  void Promise.reject(new TypeError('nobody awaits this'));
  await delay(60_000);
};

/** Succeeds, and leaves something behind that ends its thread or process. */
export const leavesBomb = (): void => {
  setImmediate(() => setImmediate(() => process.exit(7)));
};

export const fillsHeap = (): void => {
  const kept: unknown[] = [];
  for (;;) kept.push({ at: kept.length, text: `${Math.random()}` });
};

/** Memory outside of V8's heap. */
export const fillsBuffers = async (): Promise<void> => {
  const kept: Buffer[] = [];
  for (;;) {
    kept.push(Buffer.alloc(4_000_000, 1));
    await delay(1);
  }
};

/** Waits inside native code, where a thread cannot be ended. */
export const blocks = ({ seconds }: { seconds: number }, { progress }: JobContext): void => {
  progress(0);
  execFileSync('sleep', [String(seconds)]);
};

export const killsItself = async ({ signal }: { signal: NodeJS.Signals }): Promise<void> => {
  process.kill(process.pid, signal);
  await delay(60_000);
};

/** Starts a process of its own and tells its id. */
export const hasChild = async (_kwargs: unknown, { meta, progress }: JobContext): Promise<void> => {
  meta['pid'] = process.pid;
  meta['childPid'] = spawn('sleep', ['600'], { stdio: 'ignore' }).pid;
  progress(0);
  await delay(600_000);
};

export const leavesChild = (_kwargs: unknown, { meta }: JobContext): void => {
  meta['pid'] = process.pid;
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  child.unref();
  meta['childPid'] = child.pid;
};

export const says = async ({ lines }: { lines: readonly string[] }): Promise<void> => {
  for (const line of lines) console.log(line);
  console.error('to stderr');
  await delay(1);
};

/** Tells lies on the process's own line to the executor. */
export const lies = async (): Promise<void> => {
  for (const report of [null, 'x', { kind: 'ended' }, { kind: 'nothing' }, { kind: 'meta', meta: 5 }])
    process.send?.(report);
  await delay(5);
};

export const disconnects = async (): Promise<void> => {
  process.disconnect();
  await delay(60_000);
};
