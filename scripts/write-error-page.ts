// Writes docs/errors.md from the error table. Usage: npm run docs:errors
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorEntry } from '../src/errors/error-entry.js';
import { printingErrors } from '../src/errors/table/printing.js';
import { queueErrors } from '../src/errors/table/queue.js';
import { serviceErrors } from '../src/errors/table/service.js';

const states: Readonly<Record<ErrorEntry['job'], string>> = {
  retry: 'RETRYING, then FAILED',
  fail: 'FAILED',
  none: '–',
};

const section = (title: string, table: Readonly<Record<string, ErrorEntry>>): string => {
  const rows = Object.entries(table).map(
    ([code, { summary, remedy, job, setsPrinterAside }]) =>
      `| \`${code}\` | ${summary} | ${states[job]} | ${setsPrinterAside ? 'set aside' : ''} | ${remedy} |`,
  );
  return `## ${title}\n\n| Code | What happened | Job | Printer | What to do |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
};

const page = `# Errors

Every error has a code that does not change. It stands in the job's \`errors\` and \`meta.print.error\`, in the logs, and on the terminal.

The column *Job* says what becomes of a job that ends with it: RETRYING tries again by itself, later and later, while attempts remain and
nothing has been extruded; FAILED does not. A printer that is *set aside* prints nothing until a person has looked at it and run
\`spoolgate printers return PRINTER\`.

${section('Ports, printers and prints', printingErrors)}
${section('Jobs, queues and workers', queueErrors)}
${section('Configuration, command line, database', serviceErrors)}`;

writeFileSync(join(import.meta.dirname, '../docs/errors.md'), page);
