import { expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../../src/errors/error-table.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../../src/cli/exit-codes.js';

const codes = Object.keys(errorTable) as ErrorCode[];

/** Everything that has an exit code of its own; whatever else there is befell a job or print. */
const expected: Readonly<Partial<Record<ExitCode, readonly ErrorCode[]>>> = {
  2: [
    'JOB_INVALID',
    'JOB_NOT_FOUND',
    'KWARGS_INVALID',
    'PRINTER_AMBIGUOUS',
    'PRINTER_NOT_FOUND',
    'QUEUE_INVALID',
    'QUEUE_NOT_FOUND',
    'USAGE',
  ],
  3: ['APP_INVALID', 'CONFIG_INVALID', 'CONFIG_NOT_FOUND', 'DATABASE_URL_INVALID', 'NODE_TOO_OLD'],
  4: [
    'DATABASE_REFUSED',
    'DATABASE_UNREACHABLE',
    'JOB_UNREADABLE',
    'MIGRATIONS_NEEDED',
    'MIGRATION_IMPOSSIBLE',
    'NOTIFICATIONS_OFF',
    'POSTGRES_DATA_DIRECTORY',
    'POSTGRES_NOT_FOUND',
    'POSTGRES_START_FAILED',
    'POSTGRES_VERSION',
    'QUEUE_UNREADABLE',
  ],
  5: [
    'BED_OCCUPIED',
    'GATEWAY_SILENT',
    'LINK_LOST_BEFORE_START',
    'NO_BANNER',
    'PORT_BUSY',
    'PORT_FAILED',
    'PORT_NOT_FOUND',
    'PORT_PERMISSION',
    'PRINTER_NOT_READY',
    'PRINTER_REFUSED',
    'PRINTER_SET_ASIDE',
    'PRINTER_UNKNOWN',
    'PTY_UNAVAILABLE',
    'SIMULATOR_LISTEN',
  ],
};

it.each(Object.entries(expected).flatMap(([exit, list]) => list.map((code) => [code, Number(exit)] as const)))(
  '%s ends a command with %i',
  (code, exit) => {
    expect(exitCodeOf(code)).toBe(exit);
  },
);

it('nothing but what befell a job, a print or a worker ends with 1', () => {
  const rest = codes.filter((code) => exitCodeOf(code) === 1);
  expect(rest).toEqual(expect.arrayContaining(['THERMAL_FAULT', 'FILE_CUT_SHORT', 'FILE_NOT_FOUND', 'CANCELLED']));
  // A new error that is no job's end needs an exit code of its own, or a line here.
  const ofNoJob = rest.filter((code) => errorTable[code].job === 'none');
  expect(ofNoJob.sort()).toEqual(['EXECUTOR_UNKNOWN', 'RESULT_UNSTORABLE', 'WAIT_TIMEOUT']);
});

it('no error ends with 0 or 130, and each code is explained', () => {
  for (const code of codes) expect([1, 2, 3, 4, 5]).toContain(exitCodeOf(code));
  expect(Object.keys(exitCodes)).toEqual(['0', '1', '2', '3', '4', '5', '130']);
});
