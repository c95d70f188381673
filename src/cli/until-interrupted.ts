import { Interrupted } from './interrupted.js';

/** The promise's own end, or `Interrupted` as soon as the signal aborts; what was going on then goes on by itself. */
export const untilInterrupted = async <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> => {
  let stop = (): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = (): void => reject(new Interrupted());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
