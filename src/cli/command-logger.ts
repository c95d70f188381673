import { type Logger, createLogger } from '../observability/logger.js';
import type { Cli } from './cli.js';
import { wantsColour } from './terminal/colour.js';

/** The log of a command: lines for people on a terminal unless --json asks for JSON. */
export const commandLogger = ({ settings }: Cli, stream: NodeJS.WriteStream): Logger =>
  createLogger({
    level: settings.logLevel,
    pretty: stream.isTTY && !settings.json,
    colour: wantsColour(stream, settings.colour),
    ...(stream === process.stdout ? {} : { destination: stream }),
  });
