/** Node's timers fire at once when asked for more. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls `due` once after `ms`, however long that is, unless the returned function is called before. */
export const deadline = (ms: number, due: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    timer =
      leftMs > longestTimerMs
        ? setTimeout(() => arm(leftMs - longestTimerMs), longestTimerMs)
        : setTimeout(due, leftMs);
  };
  arm(ms);
  return () => clearTimeout(timer);
};
