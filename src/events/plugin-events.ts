/** What the plugins of a worker do. Times are in ms, ids are text. */
export interface PluginEvents {
  /** This worker does the duties of the whole cluster from now on. */
  'leadership.gained': { workerId: string };
  'leadership.lost': { workerId: string };
  /** Jobs of dead workers: `recovered` are back in line, `failed` will not be started again. */
  'recovery.recovered': { workerId: string; recovered: readonly string[]; failed: readonly string[] };
  'pruner.removed': { workerId: string; rows: number; tookMs: number };
  'reprioritize.raised': { workerId: string; rows: number };
  /** Cron entries whose jobs were pushed. */
  'cron.pushed': { workerId: string; keys: readonly string[] };
  /** Told by the worker that noticed it; `reason` only where it failed. */
  'workflow.finished': {
    workerId: string;
    workflowId: string;
    name: string;
    state: 'completed' | 'failed';
    reason?: string;
  };
  /** A metric that the table cannot hold; told once for each. */
  'metrics.skipped': { workerId: string; metric: string; reason: string };
}
