import type { Dialect } from '../protocol/dialect.js';
import type { GreetingTimes } from '../protocol/greeting.js';
import type { WindowLimits } from '../protocol/in-flight.js';
import type { LineTimes } from '../protocol/line-times.js';
import type { PrintScripts } from './print-scripts.js';

/** What must be known of a printer to talk to it. Lengths in mm, times in ms. */
export interface PrinterProfile {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly baudRate: number;
  readonly dialect: Dialect;
  readonly window: WindowLimits;
  readonly greetingTimes: GreetingTimes;
  readonly lineTimes: LineTimes;
  readonly scripts: PrintScripts;
  /** Whether the part is gone by itself after a print (a simulated printer, a belt, an ejector); otherwise a person clears the bed. */
  readonly clearsItself: boolean;
  /** Temperatures are asked for this often while nothing is printed; it is also how a lost link is noticed. */
  readonly idlePollMs: number;
  /** The same while a print runs. The answer also proves which lines were taken. */
  readonly printPollMs: number;
}
