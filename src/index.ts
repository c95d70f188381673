// The queue.
export { Chancy } from './queue/chancy.js';
export type { ChancyOptions } from './queue/chancy-options.js';
export { Executor } from './queue/executor.js';
export type {
  Claim,
  ExecutorClass,
  ExecutorContext,
  ExecutorQueue,
  JobOutput,
  UpdateOutcome,
} from './queue/executor.js';
export { Hub } from './queue/hub.js';
export type { HubBody, HubListener } from './queue/hub.js';
export { Job } from './queue/job.js';
export type { JobOptions } from './queue/job.js';
export { Limit } from './queue/limit.js';
export { Plugin } from './queue/plugin.js';
export type { JobCompletion, MigrationSet, MigrationStep, PluginWorker, PushOutcome } from './queue/plugin.js';
export { Queue } from './queue/queue.js';
export type { QueueOptions, QueueState } from './queue/queue.js';
export type { JobError, JobState, QueuedJob } from './queue/queued-job.js';
export { Reference } from './queue/reference.js';
export { Worker } from './queue/worker.js';
export type { WorkerOptions } from './queue/worker.js';

// What workflows, metrics, triggers and traces are made with.
export { WorkflowPlugin } from './queue/plugins/workflow/workflow-plugin.js';
export type { WorkflowPluginOptions } from './queue/plugins/workflow/workflow-plugin.js';
export { Sequence, Workflow } from './queue/plugins/workflow/workflow.js';
export type { WorkflowStep } from './queue/plugins/workflow/workflow.js';
export { storedWorkflowDot } from './queue/plugins/workflow/stored-workflow.js';
export type { StoredStep, StoredWorkflow, WorkflowState } from './queue/plugins/workflow/stored-workflow.js';
export type { ListWorkflowsOptions, WaitForWorkflowOptions } from './queue/plugins/workflow/workflow-store.js';
export { Metrics } from './queue/plugins/metrics/metrics.js';
export type { MetricsOptions } from './queue/plugins/metrics/metrics.js';
export type { GetMetricsOptions, MetricPoint, MetricSeries } from './queue/plugins/metrics/read-metrics.js';
export { Triggers } from './queue/plugins/triggers/triggers.js';
export type { StoredTrigger } from './queue/plugins/triggers/triggers.js';
export type { TriggerOperation, TriggerOptions } from './queue/plugins/triggers/trigger-options.js';
export { Tracing } from './queue/plugins/tracing/tracing.js';
export type { TracingOptions } from './queue/plugins/tracing/tracing.js';

// Its plugins.
export { Cron } from './queue/plugins/cron/cron.js';
export type { CronEntry, CronOptions } from './queue/plugins/cron/cron.js';
export { ImmediateLeadership } from './queue/plugins/leadership/immediate-leadership.js';
export { LeaderElection, leaderElection } from './queue/plugins/leadership/leader-election.js';
export { Leadership } from './queue/plugins/leadership/leadership.js';
export type { LeadershipOptions } from './queue/plugins/leadership/leadership.js';
export { Pruner } from './queue/plugins/pruner/pruner.js';
export type { PrunerOptions } from './queue/plugins/pruner/pruner.js';
export { Recovery } from './queue/plugins/recovery/recovery.js';
export type { RecoveryOptions } from './queue/plugins/recovery/recovery.js';
export { Reprioritize } from './queue/plugins/reprioritize/reprioritize.js';
export type { ReprioritizeOptions } from './queue/plugins/reprioritize/reprioritize.js';
export { RetryPlugin } from './queue/plugins/retry/retry-plugin.js';
export type { RetryPluginOptions, RetryPolicy } from './queue/plugins/retry/retry-plugin.js';
export { JobRules } from './queue/plugins/rules/job-rules.js';
export { Rule } from './queue/plugins/rules/rule.js';

// Its executors.
export { ModuleExecutor } from './executors/module/module-executor.js';
export type { JobContext, JobFunction } from './executors/functions/job-function.js';
export type { ModuleExecutorOptions } from './executors/module/module-options.js';
export { ProcessExecutor } from './executors/process/process-executor.js';
export type { ProcessExecutorOptions } from './executors/process/process-options.js';
export { ThreadExecutor } from './executors/thread/thread-executor.js';
export type { ThreadExecutorOptions } from './executors/thread/thread-options.js';
export type { IsolatedExecutorOptions } from './executors/isolated/isolated-options.js';
export { SerialGcodeExecutor } from './executors/serial-gcode/serial-gcode-executor.js';
export type { PrintSetup } from './executors/serial-gcode/print-setup.js';

// Printers and prints.
export { loadDevices } from './devices/load-devices.js';
export type { Device, DevicesConfig } from './devices/load-devices.js';
export { Gateway } from './gateway/gateway.js';
export type { GatewayOptions } from './gateway/gateway.js';
export { Printer } from './printer/printer.js';
export type { PrinterOptions } from './printer/printer.js';
export type { PrintJob } from './printer/print-job.js';
export type { PrintExtent, PrintOutcome, PrintProgress } from './printer/print-outcome.js';
export type { PrinterProfile } from './printer/printer-profile.js';
export { Fleet } from './printing/fleet.js';
export { fleetOf } from './printing/fleet-of.js';
export type { PrintKwargs } from './printing/print-kwargs.js';

// A database of our own.
export { EmbeddedPostgres } from './postgres/embedded-postgres.js';
export type { EmbeddedPostgresOptions } from './postgres/embedded-postgres.js';

// What happens, and what can go wrong.
export { EventBus } from './events/event-bus.js';
export type { SpoolgateEvents } from './events/catalogue.js';
export { errorTable } from './errors/error-table.js';
export type { ErrorCode } from './errors/error-table.js';
export { SpoolgateError } from './errors/spoolgate-error.js';
