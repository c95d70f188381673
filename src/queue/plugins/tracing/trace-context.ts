import type { Context, SpanContext } from '@opentelemetry/api';
import { z } from 'zod';
import type { OpenTelemetry } from './open-telemetry.js';

/** What a job carries in `meta.trace`: the headers of W3C Trace Context by their names. */
export interface CarriedTrace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

const carried = z.object({
  // Version, trace, parent, flags; only versions that we do not know may have more.
  traceparent: z
    .string()
    .regex(
      /^(?:00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|(?!00|ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?)$/,
    ),
  tracestate: z.string().max(512).optional().catch(undefined),
});

/** The headers of a span's context; undefined where there is no real span: without an SDK. */
export const carriedTrace = (api: OpenTelemetry, context: SpanContext): CarriedTrace | undefined => {
  if (!api.isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = context;
  const traceparent = `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize() ?? '';
  return { traceparent, ...(tracestate !== '' && { tracestate }) };
};

/** `context` below the span that a job's meta names, if it names one: any program may have written it. */
export const contextOfMeta = (
  api: OpenTelemetry,
  context: Context,
  meta: Readonly<Record<string, unknown>>,
): Context => {
  const parsed = carried.safeParse(meta['trace']);
  if (!parsed.success) return context;
  const { traceparent, tracestate } = parsed.data;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const spanContext: SpanContext = {
    traceId,
    spanId,
    // Of the flags of later versions only the first is known.
    traceFlags: Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: api.createTraceState(tracestate) }),
  };
  return api.isSpanContextValid(spanContext) ? api.trace.setSpanContext(context, spanContext) : context;
};
