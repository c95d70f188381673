import { SpoolgateError, errorText } from '../../errors/spoolgate-error.js';
import { wasInterrupted } from '../../printing/interrupted-print.js';
import { parsePrintKwargs, printFunction } from '../../printing/print-kwargs.js';
import { preparePrintFile } from '../../printing/print-file.js';
import { type Claim, Executor, type ExecutorClass } from '../../queue/executor.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import { defaultSetup } from './default-setup.js';
import { JobReport } from './job-report.js';
import { PrintAttempt } from './print-attempt.js';
import type { PrintSetup } from './print-setup.js';

/**
 * Prints: takes `gcode.print` jobs, one for each printer that is ready, and streams their G-code over USB serial. What the printer says
 * becomes the job's state; progress stands in `meta.print`.
 *
 * As it is, it reads devices.json (`SPOOLGATE_DEVICES`, or the working folder) when its worker starts. `SerialGcodeExecutor.with(setup)`
 * makes a class that prints on a fleet of the caller's.
 */
export class SerialGcodeExecutor extends Executor {
  readonly #running = new Map<string, PrintAttempt>();
  /** Jobs whose file is being read through, and why they shall not be printed any more. */
  readonly #preparing = new Map<string, SpoolgateError | undefined>();
  readonly #reserved = new Set<string>();
  readonly #pushes = new Set<Promise<void>>();
  #setup: PrintSetup | undefined;
  #unsubscribe: () => void = () => undefined;

  /** The class bound to a fleet and a spool folder; the caller starts and stops the fleet. */
  static with(setup: PrintSetup): ExecutorClass {
    return class BoundSerialGcodeExecutor extends SerialGcodeExecutor {
      protected override setUp(): Promise<PrintSetup> {
        return Promise.resolve(setup);
      }
    };
  }

  override async start(): Promise<void> {
    this.#setup = await this.setUp();
    this.#setup.created?.(this);
    this.#unsubscribe = this.#setup.fleet().onChange(() => this.wake());
  }

  /** Ends what still prints: heaters off, head parked; what was not extruding yet goes back to the queue. */
  override async stop(): Promise<void> {
    this.#unsubscribe();
    this.endPrints();
    await Promise.allSettled(this.#pushes);
    if (this.#setup?.ownsFleet) await this.#setup.fleet().stop();
  }

  /** One job for each printer that is ready: its own jobs, or such as name no printer. */
  override claims(running: number): readonly Claim[] {
    const fleet = this.#setup?.fleet();
    const room = this.queue.concurrency === null ? Infinity : this.queue.concurrency - running;
    return (fleet?.ready ?? [])
      .filter(({ id }) => !this.#reserved.has(id))
      .slice(0, Math.max(0, room))
      .map(({ id }) => ({ limit: 1, kwarg: { name: 'printer', equals: id, orAbsent: true } }));
  }

  /** Ends the running prints without waiting for their natural end. */
  endPrints(): void {
    for (const jobId of [...this.#preparing.keys(), ...this.#running.keys()]) {
      this.#end(jobId, new SpoolgateError('GATEWAY_STOPPING'));
    }
  }

  override push(job: QueuedJob, claim: Claim): Promise<void> {
    const run = this.#push(job, claim);
    this.#pushes.add(run);
    return run.finally(() => this.#pushes.delete(run));
  }

  async #push(job: QueuedJob, claim: Claim): Promise<void> {
    const setup = this.#setup;
    if (!setup) throw new Error('push() before start()');
    const printerId = claim.kwarg?.equals;
    if (printerId !== undefined) this.#reserved.add(printerId);
    const report = new JobReport(this.queue, job);
    try {
      await this.#print(job, printerId, setup, report);
    } finally {
      this.#preparing.delete(job.id);
      this.#running.delete(job.id);
      if (printerId !== undefined) this.#reserved.delete(printerId);
      this.wake();
    }
  }

  override cancel(jobId: string): boolean {
    return this.#end(jobId, new SpoolgateError('CANCELLED'));
  }

  #end(jobId: string, reason: SpoolgateError): boolean {
    if (this.#preparing.has(jobId)) {
      this.#preparing.set(jobId, this.#preparing.get(jobId) ?? reason);
      return true;
    }
    return this.#running.get(jobId)?.cancel(reason) ?? false;
  }

  protected setUp(): Promise<PrintSetup> {
    return defaultSetup();
  }

  async #print(job: QueuedJob, claimed: string | undefined, setup: PrintSetup, report: JobReport): Promise<void> {
    try {
      if (job.func !== printFunction) {
        throw new SpoolgateError('KWARGS_INVALID', {
          detail: `func is ${job.func}; this queue only knows ${printFunction}`,
        });
      }
      if (wasInterrupted(job)) throw new SpoolgateError('PRINT_INTERRUPTED');
      const kwargs = parsePrintKwargs(job.kwargs);
      const printer = setup.fleet().get(kwargs.printer ?? claimed ?? '');
      const { maxLineBytes } = printer.profile.dialect;
      this.#preparing.set(job.id, undefined);
      const file = await preparePrintFile(kwargs, { spoolDir: setup.spoolDir, maxLineBytes });
      try {
        const ended = this.#preparing.get(job.id);
        this.#preparing.delete(job.id);
        if (ended) throw ended;
        const { beforeExtrusion } = setup;
        const attempt = new PrintAttempt({ job, printer, file, copies: kwargs.copies, report, beforeExtrusion });
        this.#running.set(job.id, attempt);
        await attempt.run();
      } finally {
        await file.release();
      }
    } catch (error) {
      await report.failed(asPrintError(error), 'nothing');
    }
  }
}

const asPrintError = (error: unknown): SpoolgateError =>
  error instanceof SpoolgateError
    ? error
    : new SpoolgateError('FILE_UNREADABLE', { detail: errorText(error), cause: error });
