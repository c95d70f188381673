import { inspect } from 'node:util';
import type { SpoolgateError } from '../../errors/spoolgate-error.js';
import type { JobError } from '../queued-job.js';

const longestTraceback = 64 * 1024;
const longestMessage = 8 * 1024;
const longestCode = 100;
const deepestCause = 10;

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;

/** Reads anything of a thrown value, which may be hostile: getters and proxies that throw count as absent. */
const readable = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const messageOf = (thrown: unknown): string =>
  readable(() => {
    if (typeof thrown === 'string') return thrown;
    return thrown instanceof Error ? text(thrown.message) : inspect(thrown, { customInspect: false, depth: 2 });
  }) ?? 'an error that cannot be read';

const stackOf = (thrown: unknown): string =>
  readable(() => (thrown instanceof Error && typeof thrown.stack === 'string' ? thrown.stack : undefined)) ??
  messageOf(thrown);

const tracebackOf = (thrown: unknown, depth: number): string => {
  const cause = readable(() => (thrown instanceof Error ? thrown.cause : undefined));
  const gathered =
    readable(() => (thrown instanceof AggregateError ? [...(thrown.errors as unknown[])] : undefined)) ?? [];
  if (depth === deepestCause) return stackOf(thrown);
  return [
    stackOf(thrown),
    ...gathered.slice(0, deepestCause).map((each) => `One of: ${tracebackOf(each, depth + 1)}`),
    ...(cause === undefined ? [] : [`Caused by: ${tracebackOf(cause, depth + 1)}`]),
  ].join('\n');
};

/** The entry of `errors` for a run that threw: its stack with those of its causes, the code if it has one, its words. Never throws. */
export const thrownJobError = (thrown: unknown, run: number): JobError => {
  const code = readable(() => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined));
  return storedJobError({
    traceback: tracebackOf(thrown, 0),
    attempt: run,
    message: messageOf(thrown),
    ...(typeof code === 'string' && { code }),
  });
};

/** An entry with nothing but the fields of one, and its texts cut to what a row should hold: 64 KiB of traceback. */
export const storedJobError = (error: JobError): JobError => {
  const { traceback, attempt, code, message } = Object(error) as Partial<JobError>;
  return {
    traceback: cut(text(traceback), longestTraceback),
    attempt: Number.isSafeInteger(attempt) ? Number(attempt) : 0,
    ...(code !== undefined && { code: cut(text(code), longestCode) }),
    ...(message !== undefined && { message: cut(text(message), longestMessage) }),
  };
};

const text = (value: unknown): string => (typeof value === 'string' ? value : inspect(value, { depth: 1 }));

/** The entry for an error of the error table that nobody threw. */
export const tableJobError = (error: SpoolgateError, run: number): JobError => ({
  traceback: error.message,
  attempt: run,
  code: error.code,
  message: error.message,
});
