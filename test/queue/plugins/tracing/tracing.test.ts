import * as api from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { Job } from '../../../../src/queue/job.js';
import { Tracing } from '../../../../src/queue/plugins/tracing/tracing.js';
import type { QueuedJob } from '../../../../src/queue/queued-job.js';
import { Reference } from '../../../../src/queue/reference.js';
import { fakeWorker } from '../../../contracts/plugin-conformance.js';
import { acts, bench } from '../../worker/support/bench.js';
import { recordSpans } from './recording-tracer.js';

const q = (func: string, more: object = {}): Job => new Job({ func, queue: 'q', ...more });

const traceparent = ({ traceId, spanId }: api.SpanContext): string => `00-${traceId}-${spanId}-01`;

describe('a traced job', () => {
  it('has a span for its push, its fetch and its run in one trace, over the database', async () => {
    const { spans, named } = recordSpans();
    const b = await bench({ plugins: [new Tracing()] });
    acts.set('good', async () => undefined);
    const { identifier } = await b.chancy.push(q('good', { meta: { origin: 'test' } }));
    const worker = await b.started();
    await b.record.count('job.finished', 1);
    await worker.stop();
    const [push, fetch, run] = [named('push q'), named('fetch q'), named('run good')];
    expect(spans).toHaveLength(3);
    expect(push.parent).toBeUndefined();
    for (const span of [fetch, run]) {
      expect(span.parent).toMatchObject({ ...push.spanContext(), isRemote: true });
      expect(span.spanContext().traceId).toBe(push.spanContext().traceId);
    }
    const { PRODUCER, CONSUMER } = api.SpanKind;
    expect(spans.map(({ kind }) => kind)).toEqual([PRODUCER, CONSUMER, CONSUMER]);
    expect(spans.every(({ endTime }) => endTime !== undefined)).toBe(true);
    expect(fetch.startTime).toBeLessThanOrEqual(fetch.endTime!);
    const common = {
      'messaging.system': 'spoolgate',
      'messaging.destination.name': 'q',
      'messaging.message.id': identifier,
      'spoolgate.job.func': 'good',
    };
    expect(push.attributes).toEqual({
      ...common,
      'messaging.operation.name': 'push',
      'messaging.operation.type': 'send',
    });
    expect(run.attributes).toEqual({
      ...common,
      'messaging.operation.name': 'run',
      'messaging.operation.type': 'process',
      'spoolgate.job.attempt': 0,
      'spoolgate.job.state': 'succeeded',
    });
    expect(run.status).toBeUndefined();
    expect((await b.chancy.getJob(identifier))?.meta).toEqual({
      origin: 'test',
      trace: { traceparent: traceparent(push.spanContext()) },
    });
  });

  it('tells why a run failed, and each run of its own', async () => {
    const { spans } = recordSpans();
    const b = await bench({ plugins: [new Tracing()] });
    acts.set('bad', async () => {
      throw new Error('boom');
    });
    await b.chancy.push(q('bad', { maxAttempts: 2 }));
    await b.started();
    await b.record.count('job.finished', 2);
    const runs = spans.filter(({ name }) => name === 'run bad');
    expect(runs.map(({ attributes }) => attributes['spoolgate.job.state'])).toEqual(['retrying', 'failed']);
    for (const { status, exceptions, endTime } of runs) {
      expect(status).toEqual({ code: api.SpanStatusCode.ERROR, message: 'boom' });
      expect(exceptions).toEqual([new Error('boom')]);
      expect(endTime).toBeDefined();
    }
  });

  it('is a part of what pushes it, and what it pushes is a part of its run', async () => {
    const { named } = recordSpans();
    const tracing = new Tracing();
    const b = await bench({ plugins: [tracing] });
    acts.set('outer', (job) => tracing.during(job.id, () => b.chancy.push(q('inner', { queue: 'other' }))));
    const request = api.trace.getTracer('test').startSpan('request');
    await api.context.with(api.trace.setSpan(api.context.active(), request), () => b.chancy.pushMany([q('outer')]));
    await b.started();
    await b.record.count('job.finished', 1);
    expect(named('push q').parent).toEqual(request.spanContext());
    expect(named('push other').parent).toEqual(named('run outer').spanContext());
    expect(tracing.during('no such job', () => 7)).toBe(7);
  });

  it('goes on with the trace that its meta names, when nothing else is under way', () => {
    const { named } = recordSpans();
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=x' };
    const job = new Tracing().onJobPushing(q('f', { meta: { trace } }));
    const { spanId } = named('push q').spanContext();
    expect(job.meta).toEqual({
      trace: { traceparent: `00-${'a'.repeat(32)}-${spanId}-01`, tracestate: 'vendor=x' },
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['zeros', { traceparent: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01` }],
    ['capitals', { traceparent: `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01` }],
    ['the forbidden version', { traceparent: `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }],
    ['more than version 00 has', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01-x` }],
  ])('begins a trace of its own when its meta holds %s', (_what, trace) => {
    const { named } = recordSpans();
    new Tracing().onJobPushing(q('f', { meta: trace === undefined ? {} : { trace } }));
    expect(named('push q').parent).toBeUndefined();
  });

  it('takes the trace of a later version, with what is known of its flags', () => {
    const { named } = recordSpans();
    const trace = { traceparent: `01-${'a'.repeat(32)}-${'b'.repeat(16)}-ff-more`, tracestate: 7 };
    new Tracing().onJobPushing(q('f', { meta: { trace } }));
    expect(named('push q').parent).toEqual({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: 1,
      isRemote: true,
    });
  });
});

describe('a traced push', () => {
  it('that fails says why', async () => {
    const { named } = recordSpans();
    const b = await bench({ plugins: [new Tracing()] });
    await b.sql('ALTER TABLE chancy_jobs ADD CONSTRAINT no_bad CHECK (func <> $$bad$$)');
    await expect(b.chancy.push(q('bad'))).rejects.toThrow('no_bad');
    expect(named('push q').status).toEqual({
      code: api.SpanStatusCode.ERROR,
      message: expect.stringContaining('no_bad'),
    });
    expect(named('push q').endTime).toBeDefined();
  });

  it('of many has a span for each', async () => {
    const { spans } = recordSpans();
    const b = await bench({ plugins: [new Tracing()] });
    const references = await b.chancy.pushMany([q('a'), q('b')]);
    expect(spans.map(({ attributes }) => attributes['messaging.message.id'])).toEqual(
      references.map(({ identifier }) => identifier),
    );
    expect(spans.every(({ endTime }) => endTime !== undefined)).toBe(true);
  });
});

const fetched = (changes: Partial<QueuedJob> = {}): QueuedJob => ({
  func: 'f',
  queue: 'q',
  kwargs: {},
  limits: [],
  meta: {},
  priority: 0,
  maxAttempts: 1,
  uniqueKey: null,
  id: '03fc9681-0e6c-8d37-a0fe-d3feb638167d',
  state: 'running',
  attempts: 0,
  takenBy: 'w',
  createdAt: new Date(),
  startedAt: new Date(),
  completedAt: null,
  scheduledAt: new Date(),
  errors: [],
  ...changes,
});

describe('tracing', () => {
  it.each([
    ['a text', 'told', 'told', ['told']],
    ["an entry of Chancy's errors", { traceback: 'T', attempt: 0 }, 'T', ['T']],
    ['an entry with a message', { traceback: 'T', message: 'M', attempt: 0 }, 'M', ['M']],
    ['something else', { odd: true }, undefined, []],
    ['nothing', undefined, undefined, []],
  ])('takes %s for the end of a run', async (_what, error, message, exceptions) => {
    const { named } = recordSpans();
    const b = await bench();
    const tracing = new Tracing();
    const worker = fakeWorker(b);
    await tracing.onJobStarting(worker, fetched({ startedAt: null }));
    await tracing.onJobCompleted(worker, fetched({ state: 'failed' }), { error });
    const { status, exceptions: recorded } = named('run f');
    expect(status).toEqual({ code: api.SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
    expect(recorded).toEqual(exceptions);
  });

  it('is not misled by a database whose clock is ahead', async () => {
    const { named } = recordSpans();
    const b = await bench();
    await new Tracing().onJobStarting(fakeWorker(b), fetched({ startedAt: new Date(Date.now() + 1_000_000) }));
    expect(named('fetch q').startTime).toBeLessThanOrEqual(named('fetch q').endTime!);
  });

  it('ends the span of a run that has no end: when it runs again, or there are too many', async () => {
    const { spans, named } = recordSpans();
    const b = await bench();
    const tracing = new Tracing();
    const worker = fakeWorker(b);
    await tracing.onJobStarting(worker, fetched());
    await tracing.onJobStarting(worker, fetched());
    const [first, second] = spans.filter(({ name }) => name === 'run f');
    expect([first!.endTime === undefined, second!.endTime === undefined]).toEqual([false, true]);
    for (let n = 0; n < 10_000; n += 1) await tracing.onJobStarting(worker, fetched({ id: `${n}`, func: `f${n}` }));
    expect(second!.endTime).toBeDefined();
    expect(named('run f0').endTime).toBeUndefined();
    await tracing.onJobCompleted(worker, fetched({ id: 'unknown' }), {});
  });

  it.each([
    ['there is no API', () => new Tracing({ api: null })],
    ['there is no SDK behind it', () => new Tracing()],
    ['the API is not what it should be', () => new Tracing({ api: {} })],
  ])('changes nothing when %s', async (_when, make) => {
    const tracing = make();
    const b = await bench({ plugins: [tracing] });
    acts.set('good', async (job) => tracing.during(job.id, () => undefined));
    const { identifier } = await b.chancy.push(q('good', { meta: { origin: 'test' } }));
    await b.started();
    await b.record.count('job.finished', 1);
    expect(await b.chancy.getJob(identifier)).toMatchObject({ state: 'succeeded', meta: { origin: 'test' } });
    expect(b.record.of('worker.error')).toEqual([]);
    tracing.onJobPushed(q('other'), { reference: new Reference(identifier) });
  });

  it('needs options that are some', () => {
    expect(() => new Tracing({ tracerName: '' })).toThrow(/^APP_INVALID.*spoolgate\.tracing: tracerName/);
    expect(() => new Tracing({ api: 7 as never })).toThrow('api: is not a module');
  });
});
