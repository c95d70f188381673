import { readFile } from 'node:fs/promises';

const intervalMs = 100;

/** The memory that process `pid` has in use, bytes: all of it, shared pages too. Undefined where Linux does not say. */
const residentBytes = async (pid: number): Promise<number | undefined> => {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
};

/**
 * Calls `exceeded` once when process `pid` is seen to use more than `limitBytes`; looked at ten times a second, on Linux only. Returns what
 * ends the watch.
 */
export const watchMemory = (pid: number, limitBytes: number, exceeded: (bytes: number) => void): (() => void) => {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const bytes = await residentBytes(pid);
    isLooking = false;
    if (bytes === undefined || bytes <= limitBytes || isOver) return;
    end();
    exceeded(bytes);
  };
  let isOver = false;
  const timer = setInterval(() => void look(), intervalMs);
  const end = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  return end;
};
