import { inspect, types } from 'node:util';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { JobError } from '../../queue/queued-job.js';
import { cutText, storableText } from './storable-text.js';

const longestTraceback = 16_000;
const longestMessage = 2_000;
const deepestCause = 8;
const mostAggregated = 8;

const unreadable = 'an error that cannot be read';

/** A property's value, or undefined where a getter or a proxy throws. */
const read = (from: object, key: string): unknown => {
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
};

const isError = (value: unknown): value is Error => {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
};

/** What was thrown, when it is not an error: no getter, `toString` or custom inspection of it is called. */
const inspected = (thrown: unknown): string => {
  try {
    return inspect(thrown, { customInspect: false, depth: 2, maxArrayLength: 20, maxStringLength: longestMessage });
  } catch {
    return unreadable;
  }
};

const messageOf = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown;
  if (!isError(thrown)) return inspected(thrown);
  const message = read(thrown, 'message');
  return typeof message === 'string' ? message : unreadable;
};

const stackOf = (error: Error): string => {
  const stack = read(error, 'stack');
  return typeof stack === 'string' && stack !== '' ? stack : messageOf(error);
};

const indented = (text: string): string => text.replaceAll('\n', '\n    ');

const tracebackOf = (thrown: unknown, depth: number, seen: ReadonlySet<unknown>): string => {
  if (!isError(thrown)) return `Thrown: ${inspected(thrown)}`;
  if (seen.has(thrown)) return `${messageOf(thrown)} (shown above)`;
  if (depth > deepestCause) return '(more causes are not shown)';
  const above = new Set(seen).add(thrown);
  const parts = [stackOf(thrown)];
  const aggregated = read(thrown, 'errors');
  if (Array.isArray(aggregated)) {
    for (const each of aggregated.slice(0, mostAggregated) as unknown[])
      parts.push(`  - ${indented(tracebackOf(each, depth + 1, above))}`);
    if (aggregated.length > mostAggregated) parts.push(`  - (${aggregated.length - mostAggregated} more)`);
  }
  const cause = read(thrown, 'cause');
  if (cause !== undefined) parts.push(`Caused by: ${tracebackOf(cause, depth + 1, above)}`);
  return parts.join('\n');
};

/**
 * The error row of a run that threw `thrown`: its stack, then the stacks of its causes and of the errors that it gathers. `attempt` is the
 * 0-based number of the run. Anything may have been thrown, hostile objects too: this never throws, and what it returns can be stored.
 */
export const thrownError = (thrown: unknown, attempt: number): JobError => {
  const text = (of: () => string, longest: number): string => {
    try {
      return storableText(cutText(of(), longest));
    } catch {
      return unreadable;
    }
  };
  return {
    traceback: text(() => tracebackOf(thrown, 0, new Set()), longestTraceback),
    attempt,
    ...(isError(thrown) && thrown instanceof SpoolgateError ? { code: thrown.code } : {}),
    message: text(() => messageOf(thrown), longestMessage),
  };
};
