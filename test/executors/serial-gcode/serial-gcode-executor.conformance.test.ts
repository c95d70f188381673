import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import type { Claim, ExecutorClass } from '../../../src/queue/executor.js';
import type { SerialGcodeExecutor } from '../../../src/executors/serial-gcode/serial-gcode-executor.js';
import type { QueuedJob } from '../../../src/queue/queued-job.js';
import { describeExecutor } from '../../contracts/executor-conformance.js';
import { marlinSays, ScriptedTransport } from '../../support/printer/scripted-transport.js';
import { claimOf, printBench } from './print-bench.js';

const gcode = 'G28\nG1 X1 E1\n';
const printers = ['a', 'b', 'c'];

/** Gives each job a printer of its own, as the claims of a worker do. */
const claimingPrinters = (Bound: ExecutorClass): ExecutorClass =>
  class extends (Bound as typeof SerialGcodeExecutor) {
    static override readonly defaultConcurrency = printers.length;
    readonly #free = [...printers];

    /** The suite counts jobs that no printer prints; here each of them makes one busy. */
    override claims(running: number): readonly Claim[] {
      return super.claims(running).slice(0, Math.max(0, printers.length - running));
    }

    override async push(job: QueuedJob, _claim: Claim): Promise<void> {
      const named = (job.kwargs as { printer?: string } | null)?.printer;
      const printer = named ?? this.#free.shift() ?? 'a';
      await super.push(job, claimOf(printer));
      if (named === undefined) this.#free.push(printer);
    }
  };

describeExecutor('SerialGcodeExecutor', async () => {
  let begun = (): void => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const bench = await printBench([...printers, 'off'], {
    transport: (id) =>
      id === 'off'
        ? new ScriptedTransport({ open: () => new SpoolgateError('PORT_NOT_FOUND') })
        : new ScriptedTransport({
            script: (command, port) => {
              if (command === 'M108') return ['ok', 'ok'];
              if (command !== 'M109 S200') return marlinSays(command);
              port.say(' T:20.0 /200.0 W:?');
              begun();
              return undefined;
            },
          }),
  });
  const Bench = claimingPrinters(bench.ExecutorClass);
  return {
    create: (context) => new Bench(context),
    succeeding: { func: 'gcode.print', kwargs: { gcode } },
    failing: { func: 'gcode.print', kwargs: { gcode, printer: 'off' } },
    endless: { job: { func: 'gcode.print', kwargs: { gcode: `M109 S200\n${gcode}` } }, begun: () => hasBegun },
    cancels: true,
    delaysRetries: true,
    dispose: () => bench.stop(),
  };
});
