/** One heater's reading in degrees Celsius; `target` is 0 when it is off, undefined where the firmware does not say. */
interface HeaterReading {
  readonly current: number;
  readonly target: number | undefined;
}

/** By the firmware's own letter: `T`, `T0`, `T1`, `B` (bed), `C` (chamber). */
export type Temperatures = Readonly<Record<string, HeaterReading>>;

interface OfPrinter {
  printerId: string;
}

interface OfPrint extends OfPrinter {
  jobId: string;
  attempt: number;
}

/** What printers and prints do. Lengths are in mm, temperatures in °C, times in ms. */
export interface PrinterEvents {
  'printer.connecting': OfPrinter & { path: string; baudRate: number };
  'printer.connected': OfPrinter & { path: string; firmware: string; tookMs: number; wasReset: boolean };
  'printer.disconnected': OfPrinter & { reason: string };
  'printer.set_aside': OfPrinter & { code: string; reason: string };
  'printer.returned': OfPrinter;
  /** Something was extruded: no print begins until the bed is cleared. */
  'printer.bed_occupied': OfPrinter;
  'printer.bed_cleared': OfPrinter;
  'printer.temperatures': OfPrinter & { temperatures: Temperatures };
  /** Somebody asked for something; `by` says who, as they named themselves. Told whether it was done or refused. */
  'printer.command': OfPrinter & { action: string; by: string; ok: boolean; message: string };
  /** One line sent or received; only emitted where somebody listens to traffic. */
  'printer.traffic': OfPrinter & { direction: 'sent' | 'received'; line: string };
  'printer.resend': OfPrinter & { line: number; reason: string };
  /** An acknowledgement was lost and the count was put right by evidence. */
  'printer.ok_lost': OfPrinter & { lines: number; silentMs: number };
  /** The firmware echoed a piece of our own line as an unknown command: a line was cut. A resend usually follows. */
  'printer.line_damaged': OfPrinter & { echo: string };
  /** Any other word of the firmware that an operator may want to see. */
  'printer.message': OfPrinter & { text: string };
  'print.started': OfPrint & { file: string; lines: number | undefined; bytes: number };
  'print.heating': OfPrint & { heater: string; target: number };
  'print.first_layer': OfPrint & { line: number; afterMs: number };
  'print.layer': OfPrint & { layer: number; z: number | undefined };
  'print.progress': OfPrint & {
    percent: number;
    line: number;
    lines: number | undefined;
    layer: number;
    etaMs: number | undefined;
  };
  /** Nothing is extruded before the database knows of it, and it is away: the print stands still, for `limitMs` at most. */
  'print.waits_for_database': OfPrint & { error: string; limitMs: number };
  'print.database_back': OfPrint & { waitedMs: number };
  'print.paused': OfPrint & { line: number; z: number | undefined };
  'print.resumed': OfPrint & { line: number };
  'print.finished': OfPrint & PrintFigures;
  'print.failed': OfPrint & PrintFigures & { code: string; reason: string; line: number; z: number | undefined };
}

/** The books of one print. */
export interface PrintFigures {
  /** Commands of the file that were sent for the first time. */
  readonly sent: number;
  /** Commands of the file that the firmware has taken. */
  readonly acknowledged: number;
  /** Lines that were sent again. */
  readonly resent: number;
  /** Resend requests of the firmware. */
  readonly resendRequests: number;
  /** Acknowledgements that were lost and made good by evidence. */
  readonly oksLost: number;
  readonly wallMs: number;
}
