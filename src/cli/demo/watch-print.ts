import type { PrintFigures } from '../../events/printer-events.js';
import type { Gateway } from '../../gateway/gateway.js';
import { sleep } from '../../lifecycle/sleep.js';
import { faultsFrom } from '../../simulator/fault-settings.js';
import type { SimulatedPrinter } from '../../simulator/simulated-printer.js';
import { fileCommands } from '../file-commands.js';
import { printProgress } from '../print-progress.js';
import type { ProgressView } from '../terminal/progress-view.js';
import type { DemoResult } from './demo-result.js';
import { demoPrinter } from './demo-folder.js';

/** What `--faults` does to the line. */
const demoFaults = { corruptRate: 0.01, dropOkEvery: 500 };

/** From here on the time left can be told, %. */
const pacePercent = 3;

export interface WatchedPrint {
  readonly jobId: string;
  readonly file: string;
  readonly simulated: SimulatedPrinter;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  readonly faults: boolean;
}

/** Shows the print until its job has ended, and holds what the printer ran against the file. */
export const watchPrint = async (gateway: Gateway, print: WatchedPrint): Promise<DemoResult> => {
  const { jobId, file, simulated, view, signal } = print;
  const printer = gateway.fleet.get(demoPrinter);
  if (print.faults) for (const fault of faultsFrom(demoFaults, 1)) simulated.inject(fault);
  let figures: PrintFigures | undefined;
  const offs = [
    gateway.events.on('print.finished', (ended) => (figures = ended)),
    gateway.events.on('print.failed', (ended) => (figures = ended)),
  ];
  const ended = new AbortController();
  void showProgress();
  try {
    const job = await gateway.chancy.waitForJob(jobId, { signal, intervalMs: 100 });
    const comparison = simulated.oracle.compare(await fileCommands(file, printer.profile.dialect.maxLineBytes));
    const { faults, ...report } = simulated.report();
    const ok = job?.state === 'succeeded' && comparison.exact;
    return { ok, job, figures, comparison, faults, report };
  } finally {
    ended.abort();
    for (const off of offs) off();
  }

  async function showProgress(): Promise<void> {
    let phase = 'connecting';
    while (!ended.signal.aborted) {
      const { progress, temperatures } = printer;
      if (progress) {
        phase = 'finishing';
        // The slicer's estimate, which counts until there is a pace to go by, is for a printer of the speed of life.
        const etaMs = progress.percent < pacePercent ? undefined : progress.etaMs;
        view.show(printProgress({ ...progress, etaMs, temperatures }));
      } else view.show(printProgress({ phase, percent: phase === 'finishing' ? 100 : 0 }));
      await sleep(100, ended.signal);
    }
  }
};
