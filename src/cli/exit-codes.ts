import { type ErrorCode, errorEntry } from '../errors/error-table.js';

/** What the process's exit code says; a public API, shown in each command's help. */
export const exitCodes = {
  0: 'it went well',
  1: 'the job or print failed, or its file cannot be printed',
  2: 'the command was not understood, or names something that is not there',
  3: 'the configuration is wrong',
  4: 'the database cannot be used',
  5: 'the printer or its port cannot be used',
  130: 'interrupted (Ctrl-C, SIGTERM)',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** Which errors of the surroundings end a command with which code. */
const causes: readonly (readonly [ExitCode, RegExp])[] = [
  [3, /^(CONFIG_|APP_INVALID$|NODE_TOO_OLD$|DATABASE_URL_INVALID$)/],
  [4, /^(DATABASE_(UNREACHABLE|REFUSED)$|MIGRATION|POSTGRES_|NOTIFICATIONS_OFF$|(JOB|QUEUE)_UNREADABLE$)/],
  [
    5,
    /^(PORT_|PTY_|SIMULATOR_|PRINTER_(UNKNOWN|SET_ASIDE|NOT_READY|REFUSED)$|GATEWAY_SILENT$|NO_BANNER$|LINK_LOST_BEFORE_START$|BED_OCCUPIED$)/,
  ],
];

/** What a person has written wrong, or named that is not there; as against what befell a job. */
const slips = /^USAGE$|_(INVALID|NOT_FOUND|AMBIGUOUS)$/;

/** The exit code of a command that ended with this error. Whatever has none of its own befell a job or print: 1. */
export const exitCodeOf = (code: ErrorCode): ExitCode => {
  const cause = causes.find(([, codes]) => codes.test(code));
  if (cause) return cause[0];
  const isSlip = code === 'KWARGS_INVALID' || (errorEntry(code).job === 'none' && slips.test(code));
  return isSlip ? 2 : 1;
};
