import { setTimeout as delay } from 'node:timers/promises';

/** Job function `tasks.pause.seconds`: waits, to try out time limits, cancelling and shutdown. Ends early where it is given a signal. */
export const seconds = async (
  { seconds: s }: { seconds: number },
  context?: { signal: AbortSignal },
): Promise<void> => {
  await delay(s * 1000, undefined, context === undefined ? {} : { signal: context.signal });
};
