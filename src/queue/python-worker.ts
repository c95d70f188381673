import type { JsonObject } from './plain-json.js';
import { tagRegExp } from './tag-pattern.js';

/** What Python's Chancy does with a queue's row, as far as we must know it to keep its workers whole. */

/** Python's own executors and the options each takes; another option ends the queue on every Python worker. */
const pythonExecutors: Readonly<Record<string, readonly string[]>> = {
  'chancy.executors.process.ProcessExecutor': ['maximum_jobs_per_worker'],
  'chancy.executors.thread.ThreadedExecutor': [],
  'chancy.executors.asyncex.AsyncExecutor': [],
  'chancy.executors.sub.SubInterpreterExecutor': [],
};

/** Tags that a Python worker has whatever its user says; the values in them are examples. */
const tagsOfAnyPythonWorker = ['*', 'python=3.11.2', 'python=3.14.0', 'worker_id=6f9619ff-8b86-4d01-b42d-00cf4fc964ff'];

/** Whether no Python worker could import an executor of this name. */
export const isForeignToPython = (executor: string): boolean =>
  executor.startsWith('spoolgate.') || !/^[^.].*\.[^.]+$/.test(executor);

/** Why a row's executor would end the queue on Python workers, naming the field; undefined when it would not. */
export const executorFault = (queue: {
  readonly executor: string;
  readonly tags: readonly string[];
  readonly executorOptions: JsonObject;
}): string | undefined => {
  const { executor, tags, executorOptions } = queue;
  if (isForeignToPython(executor)) {
    const greedy = tags.find((tag) => tagsOfAnyPythonWorker.some((worker) => tagRegExp(tag).test(worker)));
    return greedy === undefined
      ? undefined
      : `tags: ${JSON.stringify(greedy)} matches Python workers too, and they cannot run ${executor}: name tags such as runtime=node`;
  }
  const known = Object.hasOwn(pythonExecutors, executor) ? pythonExecutors[executor] : undefined;
  if (known === undefined) return undefined;
  const stray = Object.keys(executorOptions).find((option) => !known.includes(option));
  return stray === undefined ? undefined : `executorOptions.${stray}: ${executor} does not take it`;
};
