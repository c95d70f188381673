import { isatty } from 'node:tty';

const intervalMs = 1000;

/**
 * Finds a hang-up that the driver does not report. The kernel takes every ability from a tty that was hung up, also that of being one;
 * serialport's reader meanwhile reads nothing over and over, at full load (bindings-cpp #162), and Node's may get no event.
 * Calls `gone` once; returns the way to stop watching.
 */
export const watchForHangUp = (fd: number, gone: () => void, everyMs = intervalMs): (() => void) => {
  const timer = setInterval(() => {
    if (isatty(fd)) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
