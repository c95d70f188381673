import type { PluginEvents } from '../../events/plugin-events.js';
import type { EventLog } from './log-entry.js';
import { duration } from './words.js';

export const pluginLog: EventLog<PluginEvents> = {
  'leadership.gained': { level: 'info', message: () => 'leads the cluster from now on' },
  'leadership.lost': { level: 'info', message: () => 'leads the cluster no longer' },
  'recovery.recovered': {
    level: 'warn',
    message: ({ recovered, failed }) =>
      `jobs of dead workers: ${recovered.length} are back in line, ${failed.length} have failed`,
  },
  'pruner.removed': { level: 'debug', message: ({ rows, tookMs }) => `pruned ${rows} jobs in ${duration(tookMs)}` },
  'reprioritize.raised': { level: 'debug', message: ({ rows }) => `raised the priority of ${rows} jobs` },
  'cron.pushed': { level: 'info', message: ({ keys }) => `it is time for ${keys.join(', ')}` },
  'workflow.finished': {
    level: ({ state }) => (state === 'failed' ? 'error' : 'info'),
    message: ({ name, state, reason }) => `the workflow ${name} ${state}${reason === undefined ? '' : `: ${reason}`}`,
  },
  'metrics.skipped': { level: 'warn', message: ({ metric, reason }) => `does not count ${metric}: ${reason}` },
};
