import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { ChildEnd } from './child.js';

const how = ({ code, signal, error }: ChildEnd): string => {
  if (error !== undefined) return 'no process could be started';
  if (signal === null) return `its process exited with code ${code}`;
  const hint = signal === 'SIGKILL' ? ', as the system does when memory runs out' : '';
  return `its process was ended by ${signal}${hint}`;
};

/** The error of a job whose process ended. `memoryBytes` is its memory limit, if it has one. */
export const childDeath = (end: ChildEnd, memoryBytes: number | undefined): SpoolgateError => {
  // V8 ends the process with SIGABRT; a shell or container in between makes an exit code of it.
  if ((end.signal === 'SIGABRT' || end.code === 134) && end.stderr.includes('heap out of memory'))
    return new SpoolgateError('JOB_MEMORY_LIMIT', {
      detail: memoryBytes === undefined ? "its process's heap is full" : `${memoryBytes} bytes of heap`,
    });
  const said = end.stderr === '' ? '' : `; its last words: ${end.stderr}`;
  return new SpoolgateError('RUNNER_DIED', { detail: `${how(end)}${said}`, cause: end.error });
};
