import { readFile, readlink, stat } from 'node:fs/promises';

/** What /proc says of a process. */
export interface ProcessFacts {
  readonly name: string;
  /** One letter, proc(5); `Z` is a zombie: it has ended, and nobody has fetched its exit code. */
  readonly state: string;
  /** Clock ticks between boot and its start: tells it from a later process with the same pid. */
  readonly startTicks: string;
  readonly uid: number;
  readonly args: readonly string[];
  /** Undefined where this process may not read it: a container's root lacks CAP_SYS_PTRACE. */
  readonly workingDirectory: string | undefined;
}

/** `gone`: there is no such process; `hidden`: it is there, but this system has no /proc, or does not show this process in it. */
export type ProcessLook = ProcessFacts | 'gone' | 'hidden';

export const lookAtProcess = async (pid: number): Promise<ProcessLook> => {
  if (!answersSignals(pid)) return 'gone';
  const folder = `/proc/${pid}`;
  try {
    const [status, commandLine, owner, workingDirectory] = await Promise.all([
      readFile(`${folder}/stat`, 'utf8'),
      readFile(`${folder}/cmdline`, 'utf8'),
      stat(folder),
      readlink(`${folder}/cwd`).catch(() => undefined),
    ]);
    // The name stands in brackets and may itself hold brackets and blanks: the last bracket ends it.
    const nameEnd = status.lastIndexOf(')');
    const fields = status.slice(nameEnd + 2).split(' ');
    return {
      name: status.slice(status.indexOf('(') + 1, nameEnd),
      state: fields[0] ?? '',
      startTicks: fields[19] ?? '',
      uid: owner.uid,
      args: commandLine.split('\0').slice(0, -1),
      workingDirectory,
    };
  } catch {
    return answersSignals(pid) ? 'hidden' : 'gone';
  }
};

/** Whether the process lives, zombies excluded, and is still the one that `startTicks` describes (where that is known). */
export const isRunning = async (pid: number, startTicks?: string): Promise<boolean> => {
  const look = await lookAtProcess(pid);
  if (look === 'gone') return false;
  if (look === 'hidden') return true;
  return look.state !== 'Z' && look.state !== 'X' && (startTicks === undefined || look.startTicks === startTicks);
};

const answersSignals = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
