import type { Plugin } from '../plugin.js';
import type { Queue } from '../queue.js';
import { Leadership } from './leadership/leadership.js';
import { Metrics } from './metrics/metrics.js';
import { Pruner } from './pruner/pruner.js';
import { Recovery } from './recovery/recovery.js';
import { WorkflowPlugin } from './workflow/workflow-plugin.js';

/** The plugins that every app of Chancy has unless it says otherwise: those whose duties a cluster cannot do without. */
const defaultPlugins = (): readonly Plugin[] => [
  new Leadership(),
  new Recovery(),
  new Pruner(),
  new Metrics(),
  new WorkflowPlugin(),
];

/** An app's own plugins and queues, and those of the default ones that it has not set up itself, by identifier. */
export const withDefaultPlugins = (given: readonly (Plugin | Queue)[]): readonly (Plugin | Queue)[] => {
  const identifiers = new Set(given.map((item) => ('identifier' in item ? item.identifier : undefined)));
  return [...defaultPlugins().filter(({ identifier }) => !identifiers.has(identifier)), ...given];
};
