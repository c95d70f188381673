import { Worker } from 'node:worker_threads';

/** How often a child looks whether its parent still lives, ms. */
const intervalMs = 500;

/**
 * Ends this process and all that it has started, by force, once `parentPid` is no longer its parent. It runs on a thread of its own: the
 * main one may be kept by a job that never lets go of it. The first to tell is the line to the parent, which closes when that one dies.
 */
export const watchParent = (parentPid: number, groupPid: number): void => {
  const program = `
    const { workerData: { parentPid, groupPid } } = require('node:worker_threads');
    setInterval(() => {
      if (process.ppid !== parentPid) process.kill(groupPid, 'SIGKILL');
    }, ${intervalMs});
  `;
  const watch = new Worker(program, {
    eval: true,
    workerData: { parentPid, groupPid },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  watch.unref();
};
