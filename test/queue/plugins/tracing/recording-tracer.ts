import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import * as api from '@opentelemetry/api';
import { onTestFinished } from 'vitest';

/** A span as it was told, with what it is a part of. */
export class RecordedSpan implements api.Span {
  readonly name: string;
  readonly kind: api.SpanKind | undefined;
  readonly startTime: number;
  readonly parent: api.SpanContext | undefined;
  readonly attributes: api.Attributes = {};
  readonly exceptions: api.Exception[] = [];
  status: api.SpanStatus | undefined;
  endTime: number | undefined;
  readonly #context: api.SpanContext;

  constructor(name: string, options: api.SpanOptions, parent: api.SpanContext | undefined) {
    this.name = name;
    this.kind = options.kind;
    this.startTime = typeof options.startTime === 'number' ? options.startTime : Date.now();
    this.parent = parent;
    Object.assign(this.attributes, options.attributes);
    const traceId = parent?.traceId ?? randomBytes(16).toString('hex');
    const traceState = parent?.traceState;
    this.#context = {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      traceFlags: api.TraceFlags.SAMPLED,
      ...(traceState !== undefined && { traceState }),
    };
  }

  spanContext(): api.SpanContext {
    return this.#context;
  }
  setAttribute(key: string, value: api.AttributeValue): this {
    this.attributes[key] = value;
    return this;
  }
  setAttributes(attributes: api.Attributes): this {
    Object.assign(this.attributes, attributes);
    return this;
  }
  addEvent(): this {
    return this;
  }
  addLink(): this {
    return this;
  }
  addLinks(): this {
    return this;
  }
  setStatus(status: api.SpanStatus): this {
    this.status = status;
    return this;
  }
  updateName(): this {
    return this;
  }
  end(endTime?: api.TimeInput): void {
    this.endTime = typeof endTime === 'number' ? endTime : Date.now();
  }
  isRecording(): boolean {
    return this.endTime === undefined;
  }
  recordException(exception: api.Exception): void {
    this.exceptions.push(exception);
  }
}

/** The smallest SDK: keeps all spans, and contexts over awaits. Registered until the test is over. */
export const recordSpans = (): { readonly spans: RecordedSpan[]; readonly named: (name: string) => RecordedSpan } => {
  const spans: RecordedSpan[] = [];
  const startSpan = (name: string, options: api.SpanOptions = {}, context = api.context.active()): RecordedSpan => {
    const span = new RecordedSpan(name, options, api.trace.getSpanContext(context));
    spans.push(span);
    return span;
  };
  api.trace.setGlobalTracerProvider({
    getTracer: () => ({ startSpan, startActiveSpan: () => undefined as never }),
  });
  const storage = new AsyncLocalStorage<api.Context>();
  const manager: api.ContextManager = {
    active: () => storage.getStore() ?? api.ROOT_CONTEXT,
    with: (context, work, self, ...args) => storage.run(context, () => work.call(self, ...args)),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  api.context.setGlobalContextManager(manager);
  onTestFinished(() => {
    api.trace.disable();
    api.context.disable();
  });
  return {
    spans,
    named(name) {
      const span = spans.find((one) => one.name === name);
      if (span === undefined) throw new Error(`no span ${name} among ${spans.map((one) => one.name).join(', ')}`);
      return span;
    },
  };
};
