import { z } from 'zod';
import { SpoolgateError } from '../errors/spoolgate-error.js';
import { defaultDataDirectory } from '../postgres/default-data-directory.js';
import { parseOptions } from './parse-options.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The global options as commander parsed them. */
const optionsSchema = z.object({
  databaseUrl: z.string().optional(),
  dataDir: z.string().min(1, 'is empty').optional(),
  devices: z.string().min(1, 'is empty').optional(),
  json: z.boolean().default(false),
  logLevel: z.string().optional(),
  color: z.boolean().default(true),
  prefix: z.string().optional(),
});

export interface Settings {
  /** As the flag gave it; `DATABASE_URL` is read where the database is located. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Path of devices.json. */
  readonly devices: string;
  /** Somebody named the devices file, so it has to be there. */
  readonly devicesNamed: boolean;
  readonly json: boolean;
  readonly logLevel: (typeof logLevels)[number];
  /** False with --no-color. */
  readonly colour: boolean;
  readonly prefix: string | undefined;
}

/** Flags before environment before defaults; an empty variable counts as none. Throws USAGE, naming the option. */
export const settingsOf = (options: unknown, env: NodeJS.ProcessEnv = process.env): Settings => {
  const data = parseOptions(optionsSchema, options);
  const devices = data.devices ?? (env['SPOOLGATE_DEVICES'] || undefined);
  return {
    databaseUrl: data.databaseUrl,
    dataDir: data.dataDir ?? defaultDataDirectory(env),
    devices: devices ?? 'devices.json',
    devicesNamed: devices !== undefined,
    json: data.json,
    logLevel: logLevelOf(data.logLevel, env),
    colour: data.color,
    prefix: data.prefix ?? (env['SPOOLGATE_PREFIX'] || undefined),
  };
};

const logLevelOf = (flag: string | undefined, env: NodeJS.ProcessEnv): Settings['logLevel'] => {
  const written = flag ?? (env['SPOOLGATE_LOG_LEVEL'] || 'info');
  const level = logLevels.find((known) => known === written.toLowerCase());
  if (level !== undefined) return level;
  const from = flag === undefined ? 'SPOOLGATE_LOG_LEVEL' : '--log-level';
  throw new SpoolgateError('USAGE', { detail: `${from} is ${written}; it can be ${logLevels.join(', ')}` });
};
