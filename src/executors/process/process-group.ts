/**
 * Sends a signal to a child process and all that it has started, if they are still there; a child is the leader of a process group. Where
 * there are no such groups, to the child alone.
 */
export const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
};
