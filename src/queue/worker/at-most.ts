import { sleep } from '../../lifecycle/sleep.js';

/** Waits for something, failed or not, but no longer than `ms` or until `signal` aborts. */
export const atMost = async (ms: number, ended: Promise<unknown>, signal?: AbortSignal): Promise<void> => {
  const done = new AbortController();
  const enough = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
  const finished = ended.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([finished, ms === Infinity ? aborted(enough) : sleep(ms, enough)]);
  done.abort();
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
