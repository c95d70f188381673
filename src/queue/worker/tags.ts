import os from 'node:os';
import { runtimeTag } from '../queue.js';

/** Python's `platform.system()`. */
const systemName = (): string => (os.type() === 'Windows_NT' ? 'Windows' : os.type());

/**
 * The tags of a worker, each once: `*`, `hostname=`, `worker_id=`, `os=` and `arch=` as Python's workers have them, `runtime=node` in
 * place of their `python=`, then the user's (wire contract, section 6).
 */
export const workerTags = (workerId: string, userTags: readonly string[] = []): readonly string[] => [
  ...new Set([
    '*',
    `hostname=${os.hostname()}`,
    `worker_id=${workerId}`,
    `os=${systemName()}`,
    `arch=${os.machine()}`,
    runtimeTag,
    ...userTags,
  ]),
];
