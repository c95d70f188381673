import type { EventBus } from '../events/event-bus.js';
import type { PrintFigures } from '../events/printer-events.js';
import type { Clock } from './clock.js';
import type { FileLine } from './file-feed.js';
import type { PrintOutcome, PrintProgress } from './print-outcome.js';
import type { PrintJob } from './print-job.js';

/** Before this share of the file is done, the slicer's estimate is better than our own. */
const ownEstimateFrom = 0.02;

/** Counts what happens in one print, says how far it is, and tells the milestones. */
export class PrintBooks {
  readonly #printerId: string;
  readonly #job: PrintJob;
  readonly #events: EventBus;
  readonly #clock: Clock;
  #startedMs = 0;
  #firstLayerMs: number | undefined;
  #sent = 0;
  #acknowledged = 0;
  #resendRequests = 0;
  #oksLost = 0;
  #line = 0;
  #layer = 0;
  #z: number | undefined;
  #toldPercent = 0;

  constructor(options: { printerId: string; job: PrintJob; events: EventBus; clock: Clock }) {
    this.#printerId = options.printerId;
    this.#job = options.job;
    this.#events = options.events;
    this.#clock = options.clock;
  }

  /** Last line of the file that the firmware has taken, from 1. */
  get line(): number {
    return this.#line;
  }

  get z(): number | undefined {
    return this.#z;
  }

  get allAcknowledged(): boolean {
    return this.#acknowledged === this.#sent;
  }

  started(): void {
    this.#startedMs = this.#clock();
    const { path, commands, bytes } = this.#job.info;
    this.#events.emit('print.started', { ...this.#ids(), file: path, lines: commands, bytes });
  }

  leaving(line: FileLine): void {
    this.#sent += 1;
    const heats = /^M1(04|09|40|90|41|91)\b.*?[SR](\d+(?:\.\d+)?)/.exec(line.line.text);
    if (!heats) return;
    const heater = heats[1] === '04' || heats[1] === '09' ? 'hotend' : heats[1]?.endsWith('0') ? 'bed' : 'chamber';
    const target = Number(heats[2]);
    if (target > 0) this.#events.emit('print.heating', { ...this.#ids(), heater, target });
  }

  acknowledged({ line, z }: FileLine): void {
    this.#acknowledged += 1;
    this.#line = line.fileLine;
    this.#z = z;
    if (line.layer !== this.#layer) this.#newLayer(line.layer);
    const percent = this.#percent();
    if (percent >= this.#toldPercent + 10) this.#tell(percent);
  }

  resendRequested(): void {
    this.#resendRequests += 1;
  }

  okLost(lines: number): void {
    this.#oksLost += lines;
  }

  paused(): void {
    this.#events.emit('print.paused', { ...this.#ids(), line: this.#line, z: this.#z });
  }

  resumed(): void {
    this.#events.emit('print.resumed', { ...this.#ids(), line: this.#line });
  }

  ended(outcome: PrintOutcome): void {
    const { figures, line, z } = outcome;
    if (outcome.type === 'done') {
      this.#events.emit('print.finished', { ...this.#ids(), ...figures });
    } else {
      const { code, message } = outcome.error;
      this.#events.emit('print.failed', { ...this.#ids(), ...figures, code, reason: message, line, z });
    }
  }

  figures(resent: number): PrintFigures {
    return {
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      resent,
      resendRequests: this.#resendRequests,
      oksLost: this.#oksLost,
      wallMs: Math.round(this.#clock() - this.#startedMs),
    };
  }

  progress(phase: PrintProgress['phase']): PrintProgress {
    const { lines, layers, commands } = this.#job.info;
    return {
      phase,
      line: this.#line,
      lines,
      acknowledged: this.#acknowledged,
      commands,
      layer: this.#layer,
      layers,
      z: this.#z,
      percent: this.#percent(),
      elapsedMs: Math.round(this.#clock() - this.#startedMs),
      etaMs: this.#etaMs(),
    };
  }

  #ids(): { printerId: string; jobId: string; attempt: number } {
    return { printerId: this.#printerId, jobId: this.#job.jobId, attempt: this.#job.attempt };
  }

  #percent(): number {
    const { commands } = this.#job.info;
    return commands === 0 ? 0 : Math.floor((1000 * this.#acknowledged) / commands) / 10;
  }

  #newLayer(layer: number): void {
    this.#layer = layer;
    if (this.#firstLayerMs === undefined) {
      this.#firstLayerMs = this.#clock();
      const afterMs = Math.round(this.#firstLayerMs - this.#startedMs);
      this.#events.emit('print.first_layer', { ...this.#ids(), line: this.#line, afterMs });
    }
    this.#events.emit('print.layer', { ...this.#ids(), layer, z: this.#z });
  }

  #tell(percent: number): void {
    this.#toldPercent = Math.floor(percent / 10) * 10;
    const { info } = this.#job;
    this.#events.emit('print.progress', {
      ...this.#ids(),
      percent: this.#toldPercent,
      line: this.#line,
      lines: info.lines,
      layer: this.#layer,
      etaMs: this.#etaMs(),
    });
  }

  /** Time left, from the pace since the first layer began; before that, what the slicer said. */
  #etaMs(): number | undefined {
    const share = this.#percent() / 100;
    const slicer = this.#job.info.estimatedSeconds;
    if (this.#firstLayerMs === undefined || share < ownEstimateFrom) {
      return slicer === undefined ? undefined : Math.round(slicer * 1000 * (1 - share));
    }
    const elapsed = this.#clock() - this.#firstLayerMs;
    return Math.round((elapsed * (1 - share)) / share);
  }
}
