import { readFile } from 'node:fs/promises';

/** Whether a process of this id runs; a zombie does not. */
export const isRunning = async (pid: number): Promise<boolean> => {
  try {
    return !/^State:\s+[ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
