import { CommanderError } from 'commander';
import { buildProgram } from './program.js';
import { reportError } from './report-error.js';
import { quietPipes } from './quiet-pipes.js';
import { coloursFor, wantsColour } from './terminal/colour.js';

/** Runs one command line, without `node` and the program's name, and sets the exit code. Never rejects. */
export const run = async (argv: readonly string[]): Promise<void> => {
  quietPipes();
  const colour = !argv.includes('--no-color');
  const program = buildProgram({ colour });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
  } catch (error) {
    // Help and version have been printed when commander says so.
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { exitCode, text } = reportError(error, {
      json: argv.includes('--json'),
      colours: coloursFor(wantsColour(process.stderr, colour)),
      stack: isDebug(program.opts()['logLevel']),
    });
    process.stderr.write(text);
    process.exitCode = exitCode;
  }
};

const isDebug = (flag: unknown): boolean =>
  /^(debug|trace)$/i.test(typeof flag === 'string' ? flag : (process.env['SPOOLGATE_LOG_LEVEL'] ?? ''));
