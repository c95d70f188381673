import type { PrintFigures } from '../../events/printer-events.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import type { PrintComparison } from '../../simulator/print-comparison.js';
import type { SimulatorReport } from '../../simulator/simulator-report.js';
import type { Cli } from '../cli.js';
import { comparisonText } from '../comparison-text.js';
import { figuresText } from '../figures-text.js';
import { jobStateText, paintJobState } from '../job-text.js';

export interface DemoResult {
  /** The job succeeded and the printer ran each line once and in order. */
  readonly ok: boolean;
  readonly job: QueuedJob | null;
  /** Undefined where the print never began. */
  readonly figures: PrintFigures | undefined;
  readonly comparison: PrintComparison;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly report: Omit<SimulatorReport, 'faults'>;
}

export const showResult = (cli: Cli, result: DemoResult): void => {
  const { job, figures, comparison, faults } = result;
  const { colours } = cli;
  cli.result(result, () => {
    const state = job === null ? 'gone' : paintJobState(colours, job, jobStateText(job));
    const struck = Object.entries(faults).map(([name, times]) => `${name} ${times} times`);
    const more = [
      ['faults', struck.join(', ')],
      ['oracle', comparisonText(comparison, colours)],
    ] as const;
    const error = job?.state === 'failed' ? `\n${job.errors.at(-1)?.traceback ?? ''}` : '';
    const numbers = figures ? figuresText(figures, colours, more) : '';
    return `${result.ok ? colours.green('✓') : colours.red('✗')} ${'Print'.padEnd(18)} ${state}\n\n${numbers}${error}`;
  });
};
