import { inspect, types } from 'node:util';
import type { ErrorCode } from '../../errors/error-table.js';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { JobError } from '../../queue/queued-job.js';
import { cutText, storableText } from './storable-text.js';

/** The error row of a failed run; its code, if any, is one of the table. */
export interface ThrownError extends JobError {
  readonly code?: ErrorCode;
}

const longestTraceback = 16_000;
const longestMessage = 2_000;
const mostErrors = 20;
const mostGathered = 8;

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

/** The code of an error of the table. */
const codeOf = (thrown: unknown): ErrorCode | undefined => {
  try {
    return thrown instanceof SpoolgateError ? thrown.code : undefined;
  } catch {
    return undefined;
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

/** Puts an error into words with its causes; `#left` bounds the whole, as errors may form circles and bushes. */
class Traceback {
  #left = mostErrors;

  of(thrown: unknown, above: ReadonlySet<unknown> = new Set()): string {
    if (!isError(thrown)) return `Thrown: ${inspected(thrown)}`;
    if (above.has(thrown)) return `${messageOf(thrown)} (shown above)`;
    if (this.#left === 0) return '(more errors are not shown)';
    this.#left -= 1;
    const shown = new Set(above).add(thrown);
    const parts = [stackOf(thrown)];
    const gathered = read(thrown, 'errors');
    if (Array.isArray(gathered)) parts.push(...this.#gathered(gathered, shown));
    const cause = read(thrown, 'cause');
    if (cause !== undefined) parts.push(`Caused by: ${this.of(cause, shown)}`);
    return parts.join('\n');
  }

  #gathered(errors: readonly unknown[], shown: ReadonlySet<unknown>): readonly string[] {
    const parts = errors.slice(0, mostGathered).map((each) => `  - ${indented(this.of(each, shown))}`);
    return errors.length > mostGathered ? [...parts, `  - (${errors.length - mostGathered} more)`] : parts;
  }
}

/**
 * The error row of a run that threw `thrown`: its stack, then the stacks of its causes and of the errors that it gathers. `attempt` is the
 * 0-based number of the run. Anything may have been thrown, hostile objects too: this never throws, and what it returns can be stored.
 */
export const thrownError = (thrown: unknown, attempt: number): ThrownError => {
  const code = codeOf(thrown);
  const text = (of: () => string, longest: number): string => {
    try {
      return storableText(cutText(of(), longest));
    } catch {
      return unreadable;
    }
  };
  return {
    traceback: text(() => new Traceback().of(thrown), longestTraceback),
    attempt,
    ...(code === undefined ? {} : { code }),
    message: text(() => messageOf(thrown), longestMessage),
  };
};
