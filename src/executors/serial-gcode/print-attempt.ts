import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { openGcode } from '../../gcode/open-gcode.js';
import type { PrintOutcome } from '../../printer/print-outcome.js';
import type { Printer } from '../../printer/printer.js';
import type { PrintFile } from '../../printing/print-file.js';
import type { QueuedJob } from '../../queue/queued-job.js';
import type { JobReport } from './job-report.js';
import type { PrintSetup } from './print-setup.js';

export interface PrintAttemptOptions {
  readonly job: QueuedJob;
  readonly printer: Printer;
  readonly file: PrintFile;
  readonly copies: number;
  readonly report: JobReport;
  readonly beforeExtrusion?: PrintSetup['beforeExtrusion'];
}

/** `meta.print` is written at most this often, ms, beside changes of phase. */
const progressEveryMs = 2000;

/** One run of one print job on one printer, from the first line to the job's state in the database. */
export class PrintAttempt {
  readonly #options: PrintAttemptOptions;
  #cancelled: SpoolgateError | undefined;
  #phase = '';
  #saving = false;
  #savedMs = 0;

  constructor(options: PrintAttemptOptions) {
    this.#options = options;
  }

  cancel(reason: SpoolgateError): boolean {
    this.#cancelled ??= reason;
    this.#options.printer.cancel(reason);
    return true;
  }

  /** Rejects only when the print could not begin. */
  async run(): Promise<void> {
    const { printer, copies, report } = this.#options;
    if (copies > 1 && !printer.profile.clearsItself) {
      throw new SpoolgateError('KWARGS_INVALID', {
        detail: `kwargs.copies: nobody clears the bed of ${printer.id} between copies; push the job ${copies} times instead`,
      });
    }
    const timer = setInterval(() => this.#look(), 250);
    try {
      for (let copy = 1; ; copy += 1) {
        const outcome = await this.#printCopy(copy);
        if (!outcome) return;
        if (outcome.type === 'failed') {
          // What an earlier copy has extruded cannot be taken back either.
          const extent = copy > 1 ? 'extruded' : outcome.extent;
          await report.failed(outcome.error, extent, { printer: printer.id, outcome });
          return;
        }
        if (copy === copies) {
          await report.succeeded(printer.id, outcome, copies);
          return;
        }
      }
    } finally {
      clearInterval(timer);
    }
  }

  /** Undefined when a later copy could not begin: what the earlier ones have extruded stays, so the job is not tried again. */
  async #printCopy(copy: number): Promise<PrintOutcome | undefined> {
    try {
      return await this.#printOnce();
    } catch (error) {
      if (copy === 1 || !(error instanceof SpoolgateError)) throw error;
      await this.#options.report.failed(error, 'extruded');
      return undefined;
    }
  }

  async #printOnce(): Promise<PrintOutcome> {
    const { job, printer, file, report } = this.#options;
    if (this.#cancelled) throw this.#cancelled;
    const { info } = file;
    const print = { jobId: job.id, attempt: report.attempt };
    return await printer.print({
      ...print,
      info,
      source: openGcode(info.path),
      beforeExtrusion: () => this.#beforeExtrusion(print),
    });
  }

  /** From here on the job is never started again by itself, and its bed counts as occupied, whatever crashes. */
  async #beforeExtrusion(print: { jobId: string; attempt: number }): Promise<void> {
    const { printer, report, beforeExtrusion } = this.#options;
    await beforeExtrusion?.(printer, print);
    if ((await report.extruding(printer.id)) === 'stale') throw noLongerOurs();
  }

  #look(): void {
    const { printer, report } = this.#options;
    const progress = printer.progress;
    if (!progress || this.#saving) return;
    const nowMs = performance.now();
    if (progress.phase === this.#phase && nowMs - this.#savedMs < progressEveryMs) return;
    this.#phase = progress.phase;
    this.#savedMs = nowMs;
    this.#saving = true;
    void report
      .progress(printer.id, progress, printer.temperatures)
      .then((saved) => {
        // Somebody cancelled the job, or it was given to another worker: two must not print it.
        if (saved === 'stale') this.cancel(noLongerOurs());
      })
      .finally(() => {
        this.#saving = false;
      });
  }
}

const noLongerOurs = (): SpoolgateError => new SpoolgateError('CANCELLED', { detail: 'the job is no longer ours' });
