import type { Command } from 'commander';
import { type StoredPrinter } from '../../printing/plugin/printer-row.js';
import { listPrinters } from '../../printing/plugin/list-printers.js';
import { action } from '../action.js';
import type { Cli } from '../cli.js';
import { describeCommand } from '../describe-command.js';
import { temperatureText } from '../print-progress.js';
import type { Column } from '../terminal/table.js';
import { clockText, durationText } from '../terminal/times.js';
import { withDatabase } from '../with-database.js';
import { addPrinterActions } from './printer-actions.js';

/** `spoolgate printers` and its subcommands. */
export const addPrinters = (program: Command): void => {
  const printers = describeCommand(program.command('printers').helpCommand(false), {
    summary: 'list the printers of all gateways, and command them',
    explanation: `Lists the printers of all gateways as they are now: state, temperatures, how far their print is, what is on the bed. The \
subcommands reach a printer wherever its gateway runs, and wait for its answer.`,
    examples: [
      ['spoolgate printers', 'All of them.'],
      ['spoolgate printers clear ender-left', 'The part has been taken off: the next print may begin.'],
      ['spoolgate printers return ender-left', 'Somebody has looked at a printer that was set aside.'],
    ],
    exits: [3, 4, 5],
  }).action(
    action(async (cli) => {
      const all = await withDatabase(cli, (chancy) => listPrinters(chancy));
      cli.list(all, columnsFor(cli, all), 'No printers yet; they appear when a gateway has run.');
      return 0;
    }),
  );
  addPrinterActions(printers);
};

const stateOf = ({ isOnline, state, ageMs }: StoredPrinter): string =>
  isOnline ? state.replaceAll('_', ' ') : `away for ${durationText(ageMs)}`;

const columnsFor = (cli: Cli, all: readonly StoredPrinter[]): Column<StoredPrinter>[] => {
  const { green, yellow, red, cyan, dim } = cli.colours;
  const paint = (text: string, { isOnline, state }: StoredPrinter): string => {
    if (!isOnline || state === 'disabled') return dim(text);
    if (state === 'ready') return green(text);
    if (state === 'printing') return cyan(text);
    return state === 'set_aside' ? red(text) : yellow(text);
  };
  const columns: Column<StoredPrinter>[] = [
    { title: 'PRINTER', text: ({ id }) => id, least: 8 },
    { title: 'GATEWAY', text: ({ gateway }) => gateway, least: 7 },
    { title: 'STATE', text: stateOf, paint },
    { title: 'PROGRESS', text: progressOf },
    { title: 'TEMPERATURES', text: ({ isOnline, temperatures }) => (isOnline ? temperatureText(temperatures) : '') },
    { title: 'BED', text: ({ bedOccupied }) => (bedOccupied ? 'occupied' : '') },
    { title: 'NOTE', text: noteOf, least: 8 },
  ];
  return columns.filter(({ text }) => all.some((printer) => text(printer) !== ''));
};

const progressOf = ({ progress, isOnline }: StoredPrinter): string => {
  if (progress === null || !isOnline) return '';
  const left = progress.etaMs === undefined ? '' : `, ${clockText(progress.etaMs)} left`;
  return `${Math.floor(progress.percent)} %${left}`;
};

const noteOf = ({ setAside, error }: StoredPrinter): string => setAside?.reason ?? error?.message ?? '';
