import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { z } from 'zod';
import { errorText } from '../../../errors/spoolgate-error.js';
import type { Job } from '../../job.js';
import { type JobCompletion, Plugin, type PluginWorker, type PushOutcome } from '../../plugin.js';
import type { QueuedJob } from '../../queued-job.js';
import { pluginOptions } from '../plugin-options.js';
import { type OpenTelemetry, loadOpenTelemetry } from './open-telemetry.js';
import { carriedTrace, contextOfMeta } from './trace-context.js';

export interface TracingOptions {
  /** The module `@opentelemetry/api`; by default the one that is installed. Null for none. */
  readonly api?: object | null;
  /** What the spans' tracer is called; `spoolgate` by default. */
  readonly tracerName?: string;
}

const schema = z.strictObject({
  api: z.custom<object | null>((value) => typeof value === 'object', 'is not a module').optional(),
  tracerName: z.string().min(1).default('spoolgate'),
});

interface Run {
  readonly span: Span;
  readonly context: Context;
}

/** A job that was given back has no end; its span ends when so many others run, or when it runs again. */
const mostRuns = 10_000;

/**
 * Spans for the push, the fetch and the run of each job, by the OpenTelemetry API. A job carries its push in `meta.trace`, so that its run
 * belongs to the same trace, on whatever machine. Without the API, or without an SDK behind it, nothing happens. No fault of a tracer
 * disturbs a job.
 */
export class Tracing extends Plugin {
  override readonly identifier = 'spoolgate.tracing';
  readonly #api: OpenTelemetry | undefined;
  readonly #tracerName: string;
  readonly #pushes = new WeakMap<Job, Span>();
  readonly #runs = new Map<string, Run>();

  /** Throws `APP_INVALID`, naming the option. */
  constructor(options: TracingOptions = {}) {
    super();
    const { api, tracerName } = pluginOptions(this.identifier, schema, options);
    this.#tracerName = tracerName;
    this.#api = api === undefined ? loadOpenTelemetry() : ((api ?? undefined) as OpenTelemetry | undefined);
  }

  /** Runs `work` below the span of a job that runs here, so that spans and pushes of its own belong to it: with the id of its context. */
  during<T>(jobId: string, work: () => T): T {
    const run = this.#runs.get(jobId);
    if (this.#api === undefined || run === undefined) return work();
    return this.#api.context.with(run.context, work);
  }

  override onJobPushing(job: Job): Job {
    return this.#quietly(job, (api, tracer) => {
      const active = api.context.active();
      const parent = api.trace.getSpan(active) === undefined ? contextOfMeta(api, active, job.meta) : active;
      const { PRODUCER: kind } = api.SpanKind;
      const attributes = jobAttributes('push', 'send', job);
      const span = tracer.startSpan(`push ${job.queue}`, { kind, attributes }, parent);
      const trace = carriedTrace(api, span.spanContext());
      const carrying = trace === undefined ? job : job.withMeta({ ...job.meta, trace });
      this.#pushes.set(carrying, span);
      return carrying;
    });
  }

  override onJobPushed(job: Job, outcome: PushOutcome): void {
    this.#quietly(undefined, (api) => {
      const span = this.#pushes.get(job);
      if (span === undefined) return;
      this.#pushes.delete(job);
      if ('reference' in outcome) span.setAttribute('messaging.message.id', outcome.reference.identifier);
      else fail(api, span, outcome.error);
      span.end();
    });
  }

  override onJobStarting(_worker: PluginWorker, job: QueuedJob): Promise<QueuedJob> {
    const started = this.#quietly(job, (api, tracer) => {
      const parent = contextOfMeta(api, api.ROOT_CONTEXT, job.meta);
      const { CONSUMER: kind } = api.SpanKind;
      const ids = { 'messaging.message.id': job.id, 'spoolgate.job.attempt': job.attempts };
      const now = Date.now();
      // It began when the database gave the job to this worker, by another clock.
      const startTime = Math.min(now, job.startedAt?.getTime() ?? now);
      const fetching = { kind, startTime, attributes: { ...jobAttributes('fetch', 'receive', job), ...ids } };
      tracer.startSpan(`fetch ${job.queue}`, fetching, parent).end(now);
      const running = { kind, attributes: { ...jobAttributes('run', 'process', job), ...ids } };
      const span = tracer.startSpan(`run ${job.func}`, running, parent);
      this.#keep(job.id, { span, context: api.trace.setSpan(parent, span) });
      return job;
    });
    return Promise.resolve(started);
  }

  override onJobCompleted(_worker: PluginWorker, job: QueuedJob, { error }: JobCompletion): Promise<QueuedJob> {
    this.#quietly(undefined, (api) => {
      const span = this.#runs.get(job.id)?.span;
      if (span === undefined) return;
      this.#runs.delete(job.id);
      span.setAttribute('spoolgate.job.state', job.state);
      if (job.state !== 'succeeded') fail(api, span, error);
      span.end();
    });
    return Promise.resolve(job);
  }

  #keep(jobId: string, run: Run): void {
    const [oldest] = this.#runs.keys();
    this.#leave(jobId);
    if (this.#runs.size >= mostRuns && oldest !== undefined) this.#leave(oldest);
    this.#runs.set(jobId, run);
  }

  #leave(jobId: string): void {
    this.#runs.get(jobId)?.span.end();
    this.#runs.delete(jobId);
  }

  #quietly<T>(otherwise: T, trace: (api: OpenTelemetry, tracer: Tracer) => T): T {
    if (this.#api === undefined) return otherwise;
    try {
      return trace(this.#api, this.#api.trace.getTracer(this.#tracerName));
    } catch {
      return otherwise;
    }
  }
}

/** By the semantic conventions for messaging. */
const jobAttributes = (name: string, type: string, { queue, func }: { queue: string; func: string }): Attributes => ({
  'messaging.system': 'spoolgate',
  'messaging.operation.name': name,
  'messaging.operation.type': type,
  'messaging.destination.name': queue,
  'spoolgate.job.func': func,
});

const fail = (api: OpenTelemetry, span: Span, error: unknown): void => {
  const message = messageOf(error);
  span.setStatus({ code: api.SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
  if (error instanceof Error) span.recordException(error);
  else if (message !== undefined) span.recordException(message);
};

/** An executor may end a run with an entry of `errors` and no Error. */
const messageOf = (error: unknown): string | undefined => {
  if (error === undefined || error === null) return undefined;
  if (error instanceof Error || typeof error !== 'object') return errorText(error);
  const { message, traceback } = error as { message?: unknown; traceback?: unknown };
  if (typeof message === 'string') return message;
  return typeof traceback === 'string' ? traceback : undefined;
};
