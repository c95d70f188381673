import pino from 'pino';
import pretty from 'pino-pretty';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { redactObject, redactText } from './redaction.js';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

/** What the rooms log with. */
export type Logger = pino.Logger;

export interface LoggerOptions {
  /** `SPOOLGATE_LOG_LEVEL` without it, and `info` without that. */
  readonly level?: string;
  /** Lines for people instead of JSON; by default where standard output is a terminal. */
  readonly pretty?: boolean;
  /** Whether the lines for people are coloured; by default where the terminal can and nobody set NO_COLOR. */
  readonly colour?: boolean;
  /** Where lines go; standard output by default. */
  readonly destination?: NodeJS.WritableStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * A logger that writes one JSON object a line: `level` as a word, `time` in ISO 8601, `msg`, and the fields of docs/logs.md. Passwords in
 * connection strings, and all that is named password, token or secret, are taken out of every line. Throws USAGE for an unknown level.
 */
export const createLogger = (options: LoggerOptions = {}): Logger => {
  const { env = process.env, destination, colour } = options;
  const level = levelOf(options.level ?? env['SPOOLGATE_LOG_LEVEL'] ?? 'info');
  const isPretty = options.pretty ?? (destination === undefined && process.stdout.isTTY);
  const settings: pino.LoggerOptions = {
    level,
    // The journal and the container know process and host by themselves.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redactObject, bindings: redactObject },
    hooks: { streamWrite: redactText },
  };
  // In this thread: a worker thread loses the last lines of a process that dies.
  if (isPretty) {
    const colours = colour === undefined ? {} : { colorize: colour };
    return pino(settings, pretty({ sync: true, ignore: 'event', ...colours, ...(destination && { destination }) }));
  }
  return pino(settings, destination ?? pino.destination({ dest: 1, sync: true }));
};

const isLevel = (text: string): text is LogLevel => logLevels.includes(text as LogLevel);

const levelOf = (text: string): LogLevel => {
  const level = text.trim().toLowerCase();
  if (isLevel(level)) return level;
  throw new SpoolgateError('USAGE', { detail: `the log level ${text} is none of ${logLevels.join(', ')}` });
};
